"""S1-25: the causal figure comes from a holdout of the invitation, or there is none; the raw one is never it."""

from pathlib import Path

import pytest

from agent.reports.members import FROM_HOLDOUT, InvitationEffect, invitation_effect, member_report
from memory.domain.experiment import Interval
from memory.domain.outcome import NotEstimable
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.agent.reports.test_lift_parts import is_third, read, third_without, withheld_from
from tests.factories.experiment import Experiment
from tests.factories.facts import SHOP, Facts
from tests.factories.loyal_shop import settle
from tests.factories.parts import NEXT
from tests.tools.loyalty.programme import at, joined
from tools.metrics.members import NOT_CAUSAL

pytestmark = pytest.mark.slow
INVITES = "first_time.member_invitation"


@pytest.fixture(scope="module")
def made() -> Experiment:
    """The step is the invitation."""
    return third_without(INVITES)


def test_s1_25_the_effect_of_inviting_is_that_of_its_holdout(made: Experiment, tmp_path: Path) -> None:
    lift = read(made, tmp_path, 100)
    found = invitation_effect(made.plan, lift)
    assert isinstance(found, InvitationEffect)
    (part,) = lift.parts
    assert (found.step_id, found.rpr_difference_pp) == (INVITES, part.rpr_difference_pp)
    assert isinstance(found.rpr_difference_pp, Interval)
    assert 0 < found.rpr_difference_pp.low < found.rpr_difference_pp.high
    assert (found.n_invited, found.n_withheld) == (part.n_treated, part.n_withheld)
    assert found.label == FROM_HOLDOUT


def test_s1_25_a_holdout_of_something_else_says_nothing_of_membership(tmp_path: Path) -> None:
    other = Experiment(2_000, rates=(0.35, 0.3))
    withheld_from(other, "step", NEXT, is_third(other), 1 / 3)
    found = invitation_effect(other.plan, read(other, tmp_path, 100))
    assert isinstance(found, NotEstimable) and found.code == "no_control_group"


def test_s1_25_without_a_holdout_the_report_has_a_raw_difference_and_no_effect(store: Store, lake: Lake) -> None:
    facts = Facts()
    for number in range(3):
        joined(facts, f"m{number}")
        for day in (3, 9):
            facts.order(f"m{number}", at(day), subtotal_minor=9_000)
        facts.order(f"o{number}", at(3), subtotal_minor=2_000)
    settle(store, lake, facts, at(1, 3))
    begins, ends = at(1), at(8)
    found = member_report(store, lake, SHOP.shop_id, begins, ends, 20, at(1, 3))
    assert (found.raw.rpr_difference_pp, found.raw.aov_difference_minor) == (100.0, 7_000.0)
    assert found.raw.label == NOT_CAUSAL
    assert isinstance(found.effect, NotEstimable) and found.effect.code == "no_control_group"
