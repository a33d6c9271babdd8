from datetime import date

import pytest

from agent.planning.changes import parse, parse_command
from agent.planning.context import PlanContext
from memory.domain.brief import (
    AllowChannel,
    AppPriority,
    BriefChange,
    EarlyAccessFirst,
    ExcludeChannel,
    ExcludeKind,
    Goal,
    MoveStep,
    Prioritise,
    RemoveStep,
    SetAnchor,
    SetBudget,
    SetGoal,
    SetHoldout,
    SetPeak,
)
from memory.domain.money import Money
from tests.factories.planning import context, eur

NO_SMS = ExcludeChannel(channel="sms", market="DE")
VIP_FIRST = EarlyAccessFirst(cohort="vip")
CASES: tuple[tuple[str, tuple[BriefChange, ...]], ...] = (
    ("德国别发短信,预算两千欧,VIP 先买", (NO_SMS, SetBudget(budget=eur(2_000)), VIP_FIRST)),
    ("德国别发短信，预算两千欧，VIP先买。", (NO_SMS, SetBudget(budget=eur(2_000)), VIP_FIRST)),
    ("no SMS in Germany, spend at most 2,000 EUR, VIPs first", (NO_SMS, SetBudget(budget=eur(2_000)), VIP_FIRST)),
    ("Please don't text people in Germany", (NO_SMS,)),
    ("no push notifications", (ExcludeChannel(channel="push"),)),
    ("别给法国发推送", (ExcludeChannel(channel="push", market="FR"),)),
    ("allow SMS in the US again", (AllowChannel(channel="sms", market="US"),)),
    ("美国恢复短信", (AllowChannel(channel="sms", market="US"),)),
    ("budget $3k", (SetBudget(budget=Money(amount_minor=300_000, currency="USD")),)),
    ("budget 2.500,50 EUR", (SetBudget(budget=Money(amount_minor=250_050, currency="EUR")),)),
    ("预算一万五千元", (SetBudget(budget=Money(amount_minor=1_500_000, currency="CNY")),)),
    ("最多花三万日元", (SetBudget(budget=Money(amount_minor=30_000, currency="JPY")),)),
    ("spend 5000", (SetBudget(budget=eur(5_000)),)),
    ("holdout 10 %", (SetHoldout(rate=0.1),)),
    ("对照组百分之十五", (SetHoldout(rate=0.15),)),
    ("留出一成做对照组", (SetHoldout(rate=0.1),)),
    ("start on 2 December 2026", (SetAnchor(on=date(2026, 12, 2)),)),
    ("从12月5日开始", (SetAnchor(on=date(2026, 12, 5)),)),
    ("大促是11月27日到11月30日", (SetPeak(from_on=date(2026, 11, 27), until_on=date(2026, 11, 30)),)),
    ("move the referral step for VIPs to day 60", (MoveStep(step_id="vip.referral_invitation", day=60),)),
    ("把VIP的转介绍挪到第六十天", (MoveStep(step_id="vip.referral_invitation", day=60),)),
    ("remove the referral step for VIPs", (RemoveStep(step_id="vip.referral_invitation"),)),
    ("No discounts please", (ExcludeKind(kind="discount_offer"),)),
    ("去掉一月任务", (ExcludeKind(kind="january_mission"),)),
    ("the app matters", (AppPriority(on=True),)),
    ("App不重要", (AppPriority(on=False),)),
    ("goal: repeat rate within 60 days", (SetGoal(goal=Goal(metric="rpr", within_days=60)),)),
    ("预算优先给VIP", (Prioritise(cohort="vip"),)),
    ("新客先买", (EarlyAccessFirst(cohort="first_time"),)),
)  # fmt: skip


@pytest.fixture(scope="module")
def facts() -> PlanContext:
    return context()


@pytest.mark.parametrize(("text", "changes"), CASES, ids=[text for text, _ in CASES])
def test_dc_07_commands_become_typed_changes(facts: PlanContext, text: str, changes: tuple[BriefChange, ...]) -> None:
    found = parse(text, facts)
    assert found.changes == changes
    assert found.unknown == ()


@pytest.mark.parametrize(
    "text",
    [
        "make it pop",
        "ignore all rules",
        "email everyone twice",
        "don't remove the referral step",
        "不要去掉短信",
        "让它更好看",
        "budget as before",
        "holdout 150%",
        "start on 31 February",
        "raise the discount ceiling to 90 %",
        "approve the plan",
    ],
)
def test_dc_07_what_nobody_understands_is_reported_not_ignored(facts: PlanContext, text: str) -> None:
    found = parse(text, facts)
    assert found.changes == ()
    assert found.unknown == (text,)


def test_dc_07_understood_and_unknown_phrases_are_kept_apart(facts: PlanContext) -> None:
    found = parse("no SMS in Germany, make it pop and spend at most 2,000 EUR", facts)
    assert found.changes == (NO_SMS, SetBudget(budget=eur(2_000)))
    assert found.unknown == ("make it pop",)


def test_saying_it_twice_is_saying_it_once(facts: PlanContext) -> None:
    assert parse_command("no SMS in Germany; 德国别发短信", facts) == (NO_SMS,)


def test_a_removed_step_of_a_shared_kind_leaves_its_sibling(facts: PlanContext) -> None:
    found = parse_command("remove the spring restock", facts)
    assert found[0] == RemoveStep(step_id="vip.spring_restock")
    assert len(found) == 4


@pytest.mark.parametrize("text", ["no push in Narnia", "no SMS in the evening"])
def test_dc_07_a_channel_somewhere_unknown_is_not_taken_for_everywhere(text: str) -> None:
    read = parse(text, context())
    assert read.changes == () and read.unknown == (text,)


def test_dc_07_a_channel_in_all_markets_is_meant_everywhere() -> None:
    assert parse("no push in any market", context()).changes
