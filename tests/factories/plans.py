"""A valid plan from the playbook, ways to spoil it, and candidate rows; what a broken rule must and must not do."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pyarrow as pa

from agent.guardrails import RULES, check_plan, guard
from agent.guardrails.rule import RuleBase
from agent.planning.compose import compose
from agent.planning.context import PlanContext
from agent.planning.dates import day_on, phase_of
from agent.planning.draft import PlanDraft
from agent.planning.playbook import PlaybookPlanner
from agent.planning.reasons import reason_in_words
from memory.domain.brief import Brief
from memory.domain.facts import CANDIDATES_SCHEMA
from memory.domain.guardrails import Guardrails
from memory.domain.market import Market
from memory.domain.outcome import Blocked
from memory.domain.plan import Journey, Plan
from memory.lake.view import LakeView
from tests.factories.planning import context, guardrails
from tools.markets import load_markets

SEND_AT = datetime(2026, 12, 15, 9, tzinfo=UTC)


def compose_plan(brief: Brief, ctx: PlanContext, draft: PlanDraft | None = None) -> Plan:
    """Compose a plan that must be one."""
    planner = PlaybookPlanner()
    made = compose(draft or planner.draft(brief, ctx), brief, ctx, planner.ref)
    assert isinstance(made, Plan), made
    return made


@cache
def good_context() -> PlanContext:
    return context()


@cache
def good_plan() -> Plan:
    return compose_plan(Brief(), good_context())


def edit_step(plan: Plan, step_id: str, **changes: Any) -> Plan:
    """Change fields of one step as they are, however wrong that makes it."""
    return _with_journeys(
        plan,
        lambda journey: tuple(
            step.model_copy(update=changes) if step.id == step_id else step for step in journey.steps
        ),
    )


def move_step(plan: Plan, step_id: str, day: int) -> Plan:
    """Put a step on another day with all dates right."""
    on = {"day": day, "due_on": day_on(plan.anchor_on, day), "phase": phase_of(day)}
    moved = edit_step(plan, step_id, **on)
    return _with_journeys(moved, lambda journey: tuple(sorted(journey.steps, key=lambda step: step.day)))


def drop_steps(plan: Plan, *step_ids: str) -> Plan:
    return _with_journeys(plan, lambda journey: tuple(step for step in journey.steps if step.id not in step_ids))


def edit_offer(plan: Plan, offer_id: str, **changes: Any) -> Plan:
    offers = tuple(offer.model_copy(update=changes) if offer.id == offer_id else offer for offer in plan.offers)
    return plan.model_copy(update={"offers": offers})


def edit_journey(plan: Plan, cohort: str, **changes: Any) -> Plan:
    journeys = tuple(each.model_copy(update=changes) if each.cohort == cohort else each for each in plan.journeys)
    return plan.model_copy(update={"journeys": journeys})


def edit_budget(plan: Plan, **changes: Any) -> Plan:
    return plan.model_copy(update={"budget": plan.budget.model_copy(update=changes)})


def reasons_of(rule: RuleBase, plan: Plan, ctx: PlanContext | None = None) -> tuple[Blocked, ...]:
    known = ctx or good_context()
    return rule.check_plan(plan, known.guardrails, known)


def assert_blocks(rule: RuleBase, plan: Plan, code: str, *, ctx: PlanContext | None = None, alone: bool = True) -> None:
    """The good plan passes, this one is blocked with the code, and without the rule nobody of that name blocks it.

    `alone` is the planted bug: with the rule taken out the bad plan gets through.
    """
    known = ctx or good_context()
    assert reasons_of(rule, good_plan(), good_context()) == ()
    found = check_plan(plan, known.guardrails, known)
    assert code in {reason.code for reason in found if reason.rule == rule.id}
    own = [reason for reason in found if reason.rule == rule.id]
    assert all(reason.message and reason.path and reason_in_words(reason, "zh") for reason in own)
    others = [each for each in RULES if each.id != rule.id]
    left = check_plan(plan, known.guardrails, known, others)
    assert rule.id not in {reason.rule for reason in left}
    if alone:
        assert left == ()


def candidate(**changes: Any) -> dict[str, Any]:
    """One row that every rule allows."""
    row = {
        "person_id": "p1", "cohort": "vip", "arm": "treated", "step_id": "vip.category_series",
        "journey_id": "vip.journey", "option_id": "vip.category_series:email", "channel": "email",
        "message_kind": "category_series", "message_class": "promotional", "offer_id": "", "market": "DE",
        "language": "de", "zone": "Europe/Berlin", "send_at": SEND_AT, "local_minute": 600, "local_weekday": 1,
        "is_local_holiday": False,
        "has_consent": True, "is_suppressed": False, "last_order_at": SEND_AT - timedelta(days=20),
        "n_sent_window": 0, "n_promotional": 0, "n_value": 3, "discount_rate": 0.0, "worst_margin_rate": 0.5,
        "price_ratio": 1.0, "effect_mean": 0.01, "effect_sd": 0.01, "effect_source": "test", "value_millis": 100,
        "cost_millis": 1,
    }  # fmt: skip
    return {**row, **changes}


def guarded(*rows: dict[str, Any], rails: Guardrails | None = None, brief: Brief | None = None,
            rules: Any = RULES) -> list[list[str]]:  # fmt: skip
    """Give the reasons per row; an allowed row has none."""
    with LakeView({}) as view:
        table = view.memory_table("rows", pa.Table.from_pylist(list(rows), schema=CANDIDATES_SCHEMA))
        judged = guard(table, rails or guardrails(), markets=_markets(), brief=brief, rules=rules)
        found = judged.select("allowed", "reasons").to_pyarrow().to_pylist()
    assert all(row["allowed"] == (not row["reasons"]) for row in found)
    return [sorted(row["reasons"]) for row in found]


def assert_row_blocked(rule: RuleBase, rails: Guardrails | None = None, brief: Brief | None = None,
                       **changes: Any) -> None:  # fmt: skip
    """A row with the changes is blocked by this rule alone; with the rule taken out it gets through."""
    assert guarded(candidate(), candidate(**changes), rails=rails, brief=brief) == [[], [rule.id]]
    others = [each for each in RULES if each.id != rule.id]
    assert guarded(candidate(**changes), rails=rails, brief=brief, rules=others) == [[]]


def assert_row_passes(rails: Guardrails | None = None, brief: Brief | None = None, **changes: Any) -> None:
    assert guarded(candidate(**changes), rails=rails, brief=brief) == [[]]


def _with_journeys(plan: Plan, steps: Any) -> Plan:
    journeys: tuple[Journey, ...] = tuple(
        journey.model_copy(update={"steps": steps(journey)}) for journey in plan.journeys
    )
    return plan.model_copy(update={"journeys": journeys})


@cache
def _markets() -> tuple[Market, ...]:
    return load_markets().all()
