"""Pre-approved periods: granted by an approver before they leave, within the guardrails; what came of it afterwards."""

from datetime import datetime, timedelta

from memory.domain.approval import Approval
from memory.domain.approval_rules import Deputy
from memory.domain.canonical import content_hash
from memory.domain.errors import Conflict, InvalidInput, NotFound, NotPermitted
from memory.domain.plan import Plan
from memory.domain.pre_approval import DigestDeed, PeriodDigest, PeriodLimits, PreApproval
from memory.domain.principal import Principal
from memory.store.unit_of_work import UnitOfWork

from .errors import OwnPlan

AN_INSTANT = timedelta(microseconds=1)
MAY_RUN = ("waiting", "approved", "live")
"""Where a plan stands that a period may be about."""


def grant_period(
    uow: UnitOfWork,
    principal: Principal,
    plan_id: str,
    name: str,
    starts_at: datetime,
    ends_at: datetime,
    limits: PeriodLimits,
    deputy: str,
    now: datetime,
) -> PreApproval:
    """Approve in advance what a plan may do in a period, with a deputy; give it. Logged.

    Raise `NotPermitted` for whoever is no approver, `OwnPlan` where they touched the plan, `InvalidInput` for limits
    wider than the guardrails', a deputy who may not be one, or a period that is over, and `Conflict` where the plan has
    another one in these days.
    """
    stored = uow.plans.get(plan_id)
    plan = stored.plan
    principal.require("approve", plan.shop_id)
    if principal.kind != "human":
        raise NotPermitted(principal=principal.id, permission="approve", shop_id=plan.shop_id)
    if principal.id in _authors(uow, plan.id):
        raise OwnPlan(principal=principal.id, plan_id=plan.id[:12])
    if stored.status not in MAY_RUN:
        raise InvalidInput(what=f"plan {plan.id[:12]}", why=f"it is {stored.status}", remedy="Name one that may run.")
    if ends_at <= now:
        raise InvalidInput(what="the period", why="it is over", remedy="Name days to come.")
    _check_limits(uow, plan, limits)
    _check_deputy(uow, plan, deputy)
    key = content_hash([plan.id, principal.id, deputy, str(starts_at), str(ends_at), str(now)])[:16]
    period = PreApproval(
        id=key, shop_id=plan.shop_id, plan_id=plan.id, name=name, starts_at=starts_at, ends_at=ends_at, limits=limits,
        deputy=deputy, granted_by=principal.id, granted_at=now,
    )  # fmt: skip
    for other in uow.pre_approvals.all(plan.shop_id):
        over_at = min(other.ends_at, other.revoked_at or other.ends_at)
        if other.plan_id == plan.id and other.starts_at < ends_at and starts_at < over_at and over_at > now:
            raise Conflict(
                what=f"plan {plan.id[:12]}", why=f"it has the period {other.name} ({other.id}) in these days"
            )
    uow.pre_approvals.put(period)
    detail = period.model_dump(mode="json", include={"plan_id", "name", "starts_at", "ends_at", "limits", "deputy"})
    uow.audit.append(principal.id, "period.grant", f"period:{key}", now, {**detail, "shop_id": plan.shop_id})
    return period


def revoke_period(uow: UnitOfWork, principal: Principal, period_id: str, now: datetime) -> PreApproval:
    """End a period now; revoked again it stays as it was. Logged. Raise `NotFound`, or `NotPermitted` for others."""
    period = uow.pre_approvals.get(period_id)
    if principal.id != period.granted_by:
        principal.require("approve", period.shop_id)
    if period.revoked_at is not None:
        return period
    ended = period.model_copy(update={"revoked_by": principal.id, "revoked_at": now})
    uow.pre_approvals.put(ended)
    uow.audit.append(principal.id, "period.revoke", f"period:{period_id}", now, {"shop_id": period.shop_id})
    return ended


def periods_for(uow: UnitOfWork, plan_id: str, now: datetime) -> tuple[PreApproval, ...]:
    """Give the periods that hold now for a plan: its own, and those of plans it takes over from."""
    plan = uow.plans.get(plan_id).plan
    found = uow.pre_approvals.holding(now, plan.shop_id)
    if not found:
        return ()
    waiting = {one.new_plan_id: one.old_plan_id for one in uow.amendments.all(plan.shop_id) if one.status == "waiting"}
    line = {plan_id, *uow.amendments.lineage(waiting.get(plan_id, plan_id))}
    return tuple(period for period in found if period.plan_id in line)


def deputies_of(uow: UnitOfWork, approval: Approval, now: datetime) -> tuple[tuple[Deputy, PreApproval], ...]:
    """Give who may decide about a request in an absent approver's place: where the plan keeps the period's limits."""
    plan = uow.plans.get(approval.plan_id).plan
    return tuple(
        (Deputy(approver=period.granted_by, deputy=period.deputy, after_hours=1), period)
        for period in periods_for(uow, approval.plan_id, now)
        if _keeps(plan, period.limits)
    )


def digest_of(uow: UnitOfWork, period: PreApproval, now: datetime) -> PeriodDigest:
    """Give everything that the period's plan, and those that took over from it, sent or stopped in it."""
    until = min(now + AN_INSTANT, period.ends_at, period.revoked_at or period.ends_at)  # what is done now counts
    plan_ids = plans_of(uow, period)
    done = uow.pre_approvals.done(plan_ids, period.starts_at, until)
    entries = uow.audit.about([f"plan:{plan_id}" for plan_id in plan_ids], period.starts_at, until)
    return PeriodDigest(
        period=period,
        n_reached=done.n_reached,
        cost_millis=done.cost_millis,
        lines=uow.pre_approvals.lines(plan_ids, period.starts_at, until),
        deeds=tuple(
            DigestDeed(at=one.at, by=one.actor, action=one.action, in_place_of=str(one.detail.get("in_place_of", "")))
            for one in entries
        ),
    )


def plans_of(uow: UnitOfWork, period: PreApproval) -> tuple[str, ...]:
    """Give the period's plan and those that took over from it, by id."""
    after = {one.new_plan_id for one in uow.amendments.all(period.shop_id) if one.status == "done"}
    later = (plan_id for plan_id in after if period.plan_id in uow.amendments.lineage(plan_id))
    return tuple(sorted({period.plan_id, *later}))


def _authors(uow: UnitOfWork, plan_id: str) -> set[str]:
    asked = {approval.requested_by for approval in uow.approvals.of_plan(plan_id)}
    return {*asked, *uow.plans.standing(plan_id)[1]}


def _keeps(plan: Plan, limits: PeriodLimits) -> bool:
    """Say whether a plan's own figures keep the limits: what it may reach, and what it is expected to cost."""
    cost, most = plan.budget.expected_cost, limits.max_cost
    return (
        expected_reach(plan) <= limits.max_reach
        and cost.currency == most.currency
        and (cost.amount_minor <= most.amount_minor)
    )


def expected_reach(plan: Plan) -> int:
    """Give how many people a plan may reach: per cohort those of its widest step, for cohorts do not overlap."""
    return sum(
        max((step.expected_reach for step in one.steps if step.owner == "us"), default=0) for one in plan.journeys
    )


def _check_limits(uow: UnitOfWork, plan: Plan, limits: PeriodLimits) -> None:
    """Nothing a period allows goes beyond the guardrails or the plan's own budget."""
    rails, cost = uow.guardrails.current(plan.shop_id), limits.max_cost
    most = min(rails.plan_budget.amount_minor, plan.budget.total.amount_minor)
    if limits.max_reach > rails.max_reach:
        why = f"{limits.max_reach:,} people are more than the guardrails' {rails.max_reach:,}"
    elif cost.currency != plan.budget.total.currency:
        why = f"the plan's money is {plan.budget.total.currency}"
    elif cost.amount_minor > most:
        why = f"{cost} is more than the plan and the guardrails allow ({most} minor units)"
    elif cost.amount_minor <= 0:
        why = "it allows no money"
    else:
        return
    raise InvalidInput(what="the limits of the period", why=why, remedy="A period never widens a limit; lower it.")


def _check_deputy(uow: UnitOfWork, plan: Plan, deputy: str) -> None:
    remedy = "Name a person with a role in the shop who did not touch the plan."
    try:
        found = uow.principals.get(deputy)
    except NotFound:
        raise InvalidInput(what=deputy, why="there is no such principal", remedy=remedy) from None
    if found.kind != "human" or not found.may("read", plan.shop_id):
        raise InvalidInput(what=deputy, why="it is no person who may look at plans of the shop", remedy=remedy)
    if deputy in _authors(uow, plan.id):
        raise InvalidInput(what=deputy, why="they touched the plan or asked for its approval", remedy=remedy)
