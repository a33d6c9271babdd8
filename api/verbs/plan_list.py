"""The list of plans, page by page, with what people look for first."""

from datetime import date
from typing import Literal

from memory.domain.approval import PlanStatus
from memory.domain.base import Count, Frozen, Instant
from memory.domain.money import Money
from memory.domain.plan import RetentionGoal
from memory.store.plans import StoredPlan

from .acting import Acting

N_SHOWN = 25


class PlanLine(Frozen):
    """One plan of the list."""

    plan_id: str
    """The hash of its content."""
    title: str
    """What people call it."""
    status: PlanStatus
    """Where it stands."""
    stage: Literal["post_purchase"]
    """Where it works: after a purchase, always."""
    goals: tuple[RetentionGoal, ...]
    """Which of repeat, clv, loyalty and referral it serves; at least one."""
    anchor_on: date
    """Day 0."""
    ends_on: date
    """Day 90."""
    n_people: Count
    """People in its cohorts."""
    budget: Money
    """What it may spend."""
    added_orders: float
    """Expected added orders."""
    low: float
    """Lower end of their 90 % range."""
    high: float
    """Upper end."""
    is_assumed: bool
    """Whether nobody measured any of the effects it rests on."""
    created_by: str
    """Who drafted it."""
    created_at: Instant
    """When."""


class PlanPage(Frozen):
    """Some plans of the list."""

    n_all: Count
    """How many there are that fit the filter."""
    start: Count
    """How many come before the first of these."""
    plans: tuple[PlanLine, ...]
    """Newest first."""


def plan_page(
    acting: Acting, status: PlanStatus | None = None, text: str = "", start: int = 0, n: int = N_SHOWN
) -> PlanPage:
    """Give `n` of the shop's plans from `start` on, of one status and with `text` in title or id where given."""
    acting.require("read")
    with acting.app.store.read() as uow:
        n_all, found = uow.plans.some(acting.shop_id, status, text, max(start, 0), n)
    return PlanPage(n_all=n_all, start=max(start, 0), plans=tuple(_line(one) for one in found))


def _line(one: StoredPlan) -> PlanLine:
    from agent.planning.outlook import outlook

    plan = one.plan
    seen = outlook(plan)
    return PlanLine(
        plan_id=plan.id,
        title=plan.title,
        status=one.status,
        stage=plan.stage,
        goals=plan.goals,
        anchor_on=plan.anchor_on,
        ends_on=plan.ends_on,
        n_people=sum(cohort.n_people for cohort in plan.cohorts),
        budget=plan.budget.total,
        added_orders=seen.added_orders.expected,
        low=seen.added_orders.low,
        high=seen.added_orders.high,
        is_assumed=seen.basis == "assumed",
        created_by=one.created_by,
        created_at=one.created_at,
    )
