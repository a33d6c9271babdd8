"""The review of a live plan: harm by cohort, reach and spend beside the plan, and what to do."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from memory.domain.experiment import Interval
from memory.domain.outcome import NotEstimable
from memory.domain.plan import Plan
from memory.domain.review import CohortHealth, PlanReview
from memory.lake.lake import Lake
from memory.store.engine import Store
from memory.store.unit_of_work import UnitOfWork
from tools.experiments.review import propose

from .lift import lift_report
from .lift_model import PlanLift
from .ran import line_of


def review_report(store: Store, lake: Lake, shop_id: str, plan_id: str, as_of: datetime) -> PlanReview:
    """Review a plan that went live; raise `NotReady` where it never did."""
    report = lift_report(store, lake, shop_id, plan_id, as_of)
    with store.read() as uow:
        plan, ids = uow.plans.get(plan_id).plan, line_of(uow, shop_id, plan_id)
        health = _health(uow, shop_id, ids)
    return review_of(plan, report, health)


def review_of(plan: Plan, report: PlanLift, health: tuple[CohortHealth, ...]) -> PlanReview:
    """Put the review together and judge it."""
    today = report.as_of.astimezone(ZoneInfo(plan.zone)).date()
    due = [step for step in plan.steps() if step.owner == "us" and step.due_on <= today]
    planned = sum(step.expected_cost.amount_minor for step in due)
    judged = propose(health, report.leaks.n_messaged, report.rpr_difference_pp, report.cost_minor, planned)
    return PlanReview(
        plan_id=plan.id,
        title=plan.title,
        currency=report.currency,
        as_of=report.as_of,
        day=max(0, (today - plan.anchor_on).days),
        health=health,
        reach_planned=sum(step.expected_reach for step in due),
        reach_actual=health[0].n_sent,
        spend_planned_minor=planned,
        spend_actual_minor=report.cost_minor,
        rpr_difference_pp=report.rpr_difference_pp,
        n_repeat_treated=report.treated.n_repeat,
        n_repeat_control=report.control.n_repeat,
        readable_on=readable_on(report),
        proposal="over" if judged.proposal == "continue" and today > plan.ends_on else judged.proposal,
        rule=judged.rule,
        evidence=judged.evidence,
        evidence_cohort=judged.cohort,
    )


def readable_on(report: PlanLift) -> date | None:
    """Give about when the lift can be read; the end of the window where nothing nearer is known, null if it is read."""
    found = report.rpr_difference_pp
    if isinstance(found, Interval):
        return None
    dated = isinstance(found, NotEstimable) and found.readable_on
    return dated or (None if report.is_final else report.ends_at.date())


def _health(uow: UnitOfWork, shop_id: str, plan_ids: Iterable[str]) -> tuple[CohortHealth, ...]:
    counts: dict[str, dict[str, int]] = {}
    names = {"delivered": "n_delivered", "bounced": "n_bounced", "complained": "n_complained"}
    for plan_id in plan_ids:
        for row in uow.leavers.rows(shop_id, plan_id):
            _add(counts, row["cohort"], "n_sent", row["n_sent"])
            _add(counts, row["cohort"], "n_left", row["n_left"])
        for cohort, kind, n in uow.deliveries.by_cohort(shop_id, plan_id):
            if kind in names:
                _add(counts, cohort, names[kind], n)
    return tuple(_cohort(name, counts.get(name, {})) for name in ("", *sorted(filter(None, counts))))


def _add(counts: dict[str, dict[str, int]], cohort: str, name: str, n: int) -> None:
    for group in ("", cohort):
        sums = counts.setdefault(group, {})
        sums[name] = sums.get(name, 0) + n


def _cohort(name: str, counts: dict[str, int]) -> CohortHealth:
    fields = ("n_sent", "n_delivered", "n_bounced", "n_complained", "n_left")
    return CohortHealth(cohort=name, **{field: counts.get(field, 0) for field in fields})
