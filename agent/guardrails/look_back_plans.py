"""Limits that are held against a whole plan: which running plans others would have refused, and what those sent."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.errors import NotFound
from memory.domain.guardrails import Guardrails
from memory.domain.money import Currency, Money
from memory.domain.plan import Plan
from memory.store.unit_of_work import UnitOfWork

from .differences import changed_fields
from .look_back_record import Basis, LimitEffect

NOT_COUNTED: dict[str, Basis] = {
    "budget_share": "plan_time", "worst_case_rate": "plan_time", "link_domains": "links", "release": "pace",
    "new_goods": "plan_time",
}  # fmt: skip
PLAN_TESTS: dict[str, Callable[[Plan, Guardrails], bool]] = {
    "plan_budget": lambda plan, limits: _is_above(plan.budget.total, limits.plan_budget),
    "min_holdout_rate": lambda plan, limits: plan.holdout.rate < limits.min_holdout_rate,
    "max_reach": lambda plan, limits: _reach(plan) > limits.max_reach,
}
"""Whether a plan breaks a limit."""


class PlanEffects(NamedTuple):
    """What limits on whole plans would have done."""

    effects: tuple[LimitEffect, ...]
    """One per changed limit."""
    held: pa.Array
    """Per message: whether its plan would have been refused."""


def plan_effects(
    uow: UnitOfWork, current: Guardrails, wanted: Guardrails, left: pa.Table, currency: Currency
) -> PlanEffects:
    """Give the effects of changed limits on whole plans over the messages that left (`left_rows`)."""
    plans = _plans(uow, left)
    effects: list[LimitEffect] = []
    held = pa.array(np.zeros(left.num_rows, bool))
    for name in changed_fields(current, wanted):
        if name in PLAN_TESTS or name == "approval_valid_days":
            broken = [plan.id for plan in plans if _breaks(uow, name, plan, current, wanted)]
            mark = pc.is_in(left["plan_id"], value_set=pa.array(broken, pa.string())).combine_chunks()
            effects.append(_effect(name, "plans", left.filter(mark), currency))
            held = pc.or_(held, mark)
        elif name in NOT_COUNTED:
            effects.append(_effect(name, NOT_COUNTED[name], left.slice(0, 0), currency))
    return PlanEffects(tuple(effects), held)


def _breaks(uow: UnitOfWork, name: str, plan: Plan, current: Guardrails, wanted: Guardrails) -> bool:
    """Say whether a plan breaks the wanted limit and keeps the present one."""
    if name != "approval_valid_days":
        test = PLAN_TESTS[name]
        return test(plan, wanted) and not test(plan, current)
    live = uow.batches.live(plan.id)
    asked = [one.requested_at for one in uow.approvals.of_plan(plan.id) if one.status == "approved"]
    if live is None or not asked:
        return False
    took = live.live_at - max(asked)
    return timedelta(days=wanted.approval_valid_days) < took <= timedelta(days=current.approval_valid_days)


def _plans(uow: UnitOfWork, left: pa.Table) -> Sequence[Plan]:
    found = []
    for plan_id in left["plan_id"].unique().to_pylist():
        try:
            found.append(uow.plans.get(plan_id).plan)
        except NotFound:
            continue
    return found


def _effect(name: str, basis: Basis, held: pa.Table, currency: Currency) -> LimitEffect:
    cost, value = (
        Money(amount_minor=round((pc.sum(held[column]).as_py() or 0) / 1000), currency=currency)
        for column in ("cost_millis", "value_millis")
    )
    nothing = Money(amount_minor=0, currency=currency)
    return LimitEffect(
        field=name, basis=basis, n_blocked=held.num_rows, cost_blocked=cost, value_blocked=value,
        cost_opened=nothing, value_opened=nothing,
    )  # fmt: skip


def _is_above(total: Money, limit: Money) -> bool:
    return total.currency == limit.currency and total.amount_minor > limit.amount_minor


def _reach(plan: Plan) -> int:
    """Count people as the reach rule does: once per cohort."""
    return sum(
        max((step.expected_reach for step in journey.steps if step.owner == "us"), default=0)
        for journey in plan.journeys
    )
