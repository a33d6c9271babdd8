"""From a final lift to lessons: only differences against withheld people, only where they can be read and believed."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from agent.planning.worth import effect_in, is_worth_sending, margin_per_order
from agent.reports.lift_model import PartLift, PlanLift
from memory.domain.cohort import CohortId
from memory.domain.experiment import Estimate, Interval
from memory.domain.lesson import Exposure, Lesson, LessonScope
from memory.domain.outcome import NotEstimable
from memory.domain.plan import Plan, Step
from tools.outcomes.window import OutcomeWindow

Sent = Mapping[str, int]
"""Messages that left or may have, per step id."""


class Reading(NamedTuple):
    """One comparison of a plan that is over."""

    scope: LessonScope
    """What was withheld."""
    part_id: str
    """The cohort, journey or step; empty for the plan."""
    orders: Estimate
    """Added orders per person."""
    rpr_pp: Estimate | None
    """The same as repeat purchase rate in points."""
    n_treated: int
    """People who could be messaged."""
    n_withheld: int
    """People who could not."""
    steps: tuple[tuple[CohortId, Step], ...]
    """What the former got and the latter did not."""
    n_planned_for: int
    """Treated people that the steps' expected reach counts."""


def readings_of(plan: Plan, report: PlanLift) -> tuple[Reading, ...]:
    """Give the plan's comparisons: the whole, each cohort, each part that was withheld by itself."""
    effects = report.cohort_effects.cohorts if report.cohort_effects else ()
    points: dict[str, Estimate] = {"": report.rpr_difference_pp} | {one.cohort: one.effect for one in effects}
    found, sizes = [], {one.cohort: one.n_treated for one in report.added_orders}
    for one in report.added_orders:
        scope: LessonScope = "cohort" if one.cohort else "plan"
        steps = steps_of(plan, cohort=one.cohort)
        found.append(
            Reading(scope, one.cohort, one.difference, points.get(one.cohort), one.n_treated, one.n_withheld, steps,
                    one.n_treated)
        )  # fmt: skip
    return (*found, *(_of_part(plan, part, sizes) for part in report.parts if part.added_orders is not None))


def steps_of(plan: Plan, *, cohort: str = "", part_id: str = "") -> tuple[tuple[CohortId, Step], ...]:
    """Give our own steps of a plan with their cohorts: of one cohort, journey or step where one is named."""
    return tuple(
        (journey.cohort, step)
        for journey in plan.journeys
        for step in journey.steps
        if step.owner == "us" and cohort in ("", journey.cohort) and part_id in ("", journey.id, step.id)
    )


def lesson_of(plan: Plan, of: Reading, sent: Sent, window: OutcomeWindow, data_version: int) -> Lesson | None:
    """Give the lesson of one comparison, none where it cannot be read or nothing was sent."""
    if isinstance(of.orders, NotEstimable) or not any(sent.get(step.id, 0) for _, step in of.steps):
        return None
    return Lesson(
        shop_id=plan.shop_id,
        plan_id=plan.id,
        data_version=data_version,
        scope=of.scope,
        part_id=of.part_id,
        orders=of.orders,
        rpr_pp=of.rpr_pp if isinstance(of.rpr_pp, Interval) else None,
        n_treated=of.n_treated,
        n_withheld=of.n_withheld,
        starts_on=window.starts_at.date(),
        ends_on=(window.ends_at - timedelta(seconds=1)).date(),
        within_days=plan.goal.within_days,
        exposures=_exposures(plan, of, sent),
    )


def sent_by_step(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Add up rows of (step_id, n_sent)."""
    found: dict[str, int] = {}
    for row in rows:
        found[row["step_id"]] = found.get(row["step_id"], 0) + row["n_sent"]
    return found


def _of_part(plan: Plan, part: PartLift, sizes: Mapping[str, int]) -> Reading:
    orders = part.added_orders or NotEstimable(code="missing_data", message="Orders of this part were not read.")
    return Reading(part.part, part.part_id, orders, part.rpr_difference_pp, part.n_treated, part.n_withheld,
                   steps_of(plan, part_id=part.part_id), sizes.get(part.cohort, part.n_treated))  # fmt: skip


def _exposures(plan: Plan, of: Reading, sent: Sent) -> tuple[Exposure, ...]:
    """Give what was meant and sent; what the plan's own effects held back, because it did not pay, was not meant."""
    each = margin_per_order(plan)
    cells: dict[Any, tuple[int, int]] = {}
    for cohort, step in of.steps:
        planned, left = cells.get((cohort, step.kind), (0, 0))
        is_meant = is_worth_sending(step, effect_in(plan, (cohort, step.kind)), each)
        cells[cohort, step.kind] = (planned + is_meant * step.expected_reach, left + sent.get(step.id, 0))
    return tuple(
        Exposure(
            cohort=cohort,
            kind=kind,
            planned_rate=round(planned / of.n_planned_for, 6) if of.n_planned_for else 0.0,
            sent_rate=round(left / of.n_treated, 6),
        )
        for (cohort, kind), (planned, left) in sorted(cells.items())
    )
