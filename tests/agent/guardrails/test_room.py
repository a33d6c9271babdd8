"""The room a rule leaves agrees with its verdict: nothing below 0 while it holds, below 0 where it blocks."""

import pytest

from agent.guardrails import Room, judge_plan
from agent.planning.context import PlanContext
from memory.domain.money import Money
from memory.domain.plan import Plan
from tests.factories.planning import eur
from tests.factories.plans import edit_budget, edit_offer, good_context, good_plan, move_step

FIGURED = {
    "plan_budget", "price_floor", "margin_floor", "discount_ceiling", "frequency_cap",
    "recent_buyer", "quiet_hours", "consent", "holdout", "promo_ratio", "reach",
}  # fmt: skip
"""Rules that name a figure for the plan of the factory."""


def judged(plan: Plan, ctx: PlanContext | None = None) -> dict[str, tuple[tuple[str, ...], tuple[Room, ...]]]:
    known = ctx or good_context()
    found = judge_plan(plan, known.guardrails, known)
    return {one.rule: (tuple(reason.code for reason in one.reasons), one.room) for one in found}


def test_every_rule_with_a_figure_leaves_room_in_a_plan_that_passes() -> None:
    found = judged(good_plan())
    assert {name for name, (_, room) in found.items() if room} >= FIGURED
    assert all(reasons == () for reasons, _ in found.values())
    assert all(one.left_number >= 0 for _, room in found.values() for one in room)


def test_money_is_what_lies_between_the_plan_and_its_limits() -> None:
    plan, rails = good_plan(), good_context().guardrails
    room = {one.path: one for one in judged(plan)["plan_budget"][1]}
    total = room["budget.total"]
    assert (total.actual, total.limit) == (plan.budget.total, rails.plan_budget)
    assert isinstance(total.left, Money)
    assert total.left.amount_minor == rails.plan_budget.amount_minor - plan.budget.total.amount_minor
    worst = room["budget.worst_case_cost"]
    assert worst.left_number == plan.budget.total.amount_minor - plan.budget.worst_case_cost.amount_minor


@pytest.mark.parametrize(
    ("rule", "spoil"),
    [
        ("margin_floor", lambda plan: edit_offer(plan, "first_time.store_credit", worst_margin_rate=0.1)),
        ("price_floor", lambda plan: edit_offer(plan, "first_time.store_credit", price_ratio=0.5)),
        ("discount_ceiling", lambda plan: edit_offer(plan, "first_time.store_credit", discount_rate=0.4)),
        ("holdout", lambda plan: plan.model_copy(update={"holdout": plan.holdout.model_copy(update={"rate": 0.01})})),
        ("plan_budget", lambda plan: edit_budget(plan, worst_case_cost=eur(900_000))),
        ("recent_buyer", lambda plan: move_step(plan, "first_time.category_series", 1)),
    ],
)
def test_a_rule_that_blocks_has_room_below_nothing(rule: str, spoil: object) -> None:
    reasons, room = judged(spoil(good_plan()))[rule]  # type: ignore[operator]
    assert reasons
    assert min(one.left_number for one in room) < 0


def test_the_tightest_place_is_named() -> None:
    plan = good_plan()
    costly = [offer for offer in plan.offers if offer.incentive.kind != "early_access"]
    least = min(offer.worst_margin_rate for offer in costly)
    (room,) = judged(plan)["margin_floor"][1]
    assert room.actual == least
    assert room.path in {f"offers.{offer.id}" for offer in costly if offer.worst_margin_rate == least}
