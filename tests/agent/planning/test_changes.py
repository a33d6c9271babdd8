from datetime import date

import pytest

from agent.planning.changes import apply, apply_all
from memory.domain.brief import (
    AllowChannel,
    Brief,
    BriefChange,
    EarlyAccessFirst,
    ExcludeChannel,
    ExcludeKind,
    MoveStep,
    Prioritise,
    RemoveStep,
    SetAnchor,
    SetBudget,
    SetHoldout,
)
from tests.factories.planning import eur

CHANGES: tuple[BriefChange, ...] = (
    SetBudget(budget=eur(2_000)),
    ExcludeChannel(channel="sms", market="DE"),
    ExcludeChannel(channel="push"),
    EarlyAccessFirst(cohort="first_time"),
    Prioritise(cohort="vip"),
    SetHoldout(rate=0.1),
    SetAnchor(on=date(2026, 12, 2)),
    ExcludeKind(kind="referral_invitation"),
    MoveStep(step_id="vip.cross_sell", day=33),
    RemoveStep(step_id="vip.gift_with_purchase"),
)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.op)
def test_dc_07_a_change_changes_the_brief_once(change: BriefChange) -> None:
    once = apply(Brief(), change)
    assert once != Brief()
    assert apply(once, change) == once


def test_all_changes_land_in_their_fields() -> None:
    brief = apply_all(Brief(), CHANGES)
    assert brief.budget == eur(2_000)
    assert brief.excluded == (("DE", "sms"),)
    assert brief.excluded_channels == ("push",)
    assert brief.early_access_first == ("first_time", "vip")
    assert brief.priority == ("vip",)
    assert brief.moved_steps == {"vip.cross_sell": 33}
    assert brief.removed_steps == ("vip.gift_with_purchase",)


def test_allowing_takes_an_exclusion_back() -> None:
    shut = apply_all(Brief(), (ExcludeChannel(channel="sms", market="DE"), ExcludeChannel(channel="sms")))
    assert apply(shut, AllowChannel(channel="sms", market="DE")).excluded == ()
    open_again = apply(shut, AllowChannel(channel="sms"))
    assert (open_again.excluded, open_again.excluded_channels) == ((), ())


def test_moving_a_removed_step_brings_it_back_and_the_other_way_round() -> None:
    moved = apply_all(Brief(), (RemoveStep(step_id="vip.cross_sell"), MoveStep(step_id="vip.cross_sell", day=30)))
    assert (moved.removed_steps, moved.moved_steps) == ((), {"vip.cross_sell": 30})
    gone = apply(moved, RemoveStep(step_id="vip.cross_sell"))
    assert (gone.removed_steps, gone.moved_steps) == (("vip.cross_sell",), {})
