"""The plan's forecast from assumed effects, with its range, and what the control group can show."""

from collections.abc import Iterable
from math import sqrt

from memory.domain.cohort import CohortId
from memory.domain.plan import Forecast, HoldoutPlan, Step
from tools.priors.effects import load_effects

from .context import PlanContext

Z90 = 1.645
"""Standard deviations of a two-sided 90 % range."""
POWER_FACTOR = 2.8
"""z of 5 % two-sided plus z of 80 % power: the smallest lift found (normal approximation)."""
UNKNOWN_REPEAT_RATE = 0.15
"""Repeat rate where the data give none; only the size of the detectable lift depends on it."""


def forecast(steps: Iterable[tuple[CohortId, Step]], context: PlanContext) -> Forecast:
    """Add up the assumed effects of all steps.

    The effects of one journey are added: the range counts their doubts as wholly dependent, which makes it wide.
    Margin is added orders times the cohort's median basket times the shop's margin; 0 where no cost is known.
    """
    priors = load_effects()
    orders = doubt = margin = 0.0
    for cohort_id, step in steps:
        if step.owner != "us":
            continue
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
