"""The plan's forecast from assumed, measured or learned effects, with its range, and what the control group shows."""

from collections.abc import Iterable, Sequence
from math import hypot, sqrt

from memory.domain.cohort import CohortId
from memory.domain.plan import Forecast, HoldoutPlan, PlannedEffect, Step
from tools.priors.effects import Cell, load_effects
from tools.priors.measured import WINDOW_DAYS, MeasuredEffects

from .context import PlanContext
from .table_forecast import ANOTHER_SEASON, Z90, of_tables, with_tables
from .worth import is_worth_sending

POWER_FACTOR = 2.8
"""z of 5 % two-sided plus z of 80 % power: the smallest lift found (normal approximation)."""
UNKNOWN_REPEAT_RATE = 0.15
"""Repeat rate where the data give none; only the size of the detectable lift depends on it."""


def forecast(steps: Iterable[tuple[CohortId, Step]], context: PlanContext) -> Forecast:
    """Add up what the steps bring: by tables in use (`table_forecast`), by measured plans, or else as assumed.

    Margin is added orders times the cohort's median basket times the shop's margin; 0 where no cost is known.
    """
    known = context.claims
    own = [(cohort, step) for cohort, step in steps if step.owner == "us"]
    if known is None or known.within_days != WINDOW_DAYS:
        return _without_tables(own, context)
    rest = [(cohort, step) for cohort, step in own if known.get(step.kind) is None]
    return with_tables(_without_tables(rest, context), of_tables(own, context, known))


def _without_tables(steps: Sequence[tuple[CohortId, Step]], context: PlanContext) -> Forecast:
    measured = context.measured
    return _assumed(steps, context) if measured is None else _measured(steps, context, measured)


def _assumed(steps: Sequence[tuple[CohortId, Step]], context: PlanContext) -> Forecast:
    """Add up assumed effects; the range counts their doubts as wholly dependent, which makes it wide."""
    priors = load_effects()
    orders = doubt = margin = 0.0
    for cohort_id, step in steps:
        effect = priors.get(cohort_id, step.kind)
        orders += step.expected_reach * effect.mean
        doubt += step.expected_reach * effect.sd
        basket = context.cohort(cohort_id).median_basket_minor
        margin += step.expected_reach * effect.mean * basket * (context.margin_rate or 0.0)
    return Forecast(
        incremental_orders=round(orders, 2),
        low=round(orders - Z90 * doubt, 2),
        high=round(orders + Z90 * doubt, 2),
        incremental_margin_minor=round(margin),
        source=priors.label,
    )


def _measured(steps: Iterable[tuple[CohortId, Step]], context: PlanContext, found: MeasuredEffects) -> Forecast:
    """Count the messages worth their cost that are likely to leave, by what left before, at the measured level.

    What is worth its cost is chosen by other figures than are added up here (`tools.priors.measured`): a plan's
    forecast is never the sum of what chose it. The range is that of the posterior, widened as another season may
    differ.
    """
    counts: dict[Cell, float] = {}
    worth: dict[Cell, float] = {}
    for cohort_id, step in steps:
        cell = (cohort_id, step.kind)
        each = context.cohort(cohort_id).median_basket_minor * (context.margin_rate or 0.0)
        if is_worth_sending(step, found.get(*cell).mean, each):
            n = step.expected_reach * found.sent_rate(*cell)
            counts[cell] = counts.get(cell, 0.0) + n
            worth[cell] = worth.get(cell, 0.0) + n * each
    orders = found.claimed(counts)
    doubt = hypot(orders.sd, ANOTHER_SEASON * orders.mean)
    return Forecast(
        incremental_orders=round(orders.mean, 2),
        low=round(orders.mean - Z90 * doubt, 2),
        high=round(orders.mean + Z90 * doubt, 2),
        incremental_margin_minor=round(found.claimed(worth).mean),
        source=found.label,
    )


def planned_effects(steps: Iterable[tuple[CohortId, Step]], context: PlanContext) -> tuple[PlannedEffect, ...]:
    """Give the measured effects of the plan's own messages, which it carries for sending; none while all is assumed."""
    found = context.measured
    if found is None:
        return ()
    cells = sorted({(cohort, step.kind) for cohort, step in steps if step.owner == "us"})
    effects = [(cell, found.get(*cell)) for cell in cells]
    return tuple(
        PlannedEffect(cohort=cohort, kind=kind, mean=round(effect.mean, 7), sd=round(effect.sd, 7))
        for (cohort, kind), effect in effects
    )


def holdout(rate: float, context: PlanContext) -> HoldoutPlan:
    """Give the control group and the smallest lift it can show with 80 % power."""
    n = sum(cohort.n_people for cohort in context.cohorts)
    known = [(each.expected_repeat_rate, each.n_people) for each in context.cohorts if each.expected_repeat_rate]
    people = sum(size for _, size in known)
    base = sum(share * size for share, size in known) / people if people else UNKNOWN_REPEAT_RATE
    control, treated = n * rate, n * (1.0 - rate)
    lift = POWER_FACTOR * sqrt(base * (1 - base) * (1 / control + 1 / treated)) if control and treated else None
    return HoldoutPlan(
        experiment_id=f"{context.shop.shop_id[:40]}.{context.anchor_on}",
        rate=rate,
        detectable_lift_pp=None if lift is None else round(lift * 100, 2),
    )
