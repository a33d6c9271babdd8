"""The dated path of small steps from today's post-purchase share to the target band (S1-53, S1-54, trap 12)."""

from datetime import date, timedelta

from memory.domain.guardrails import BudgetShare, PathStep

PERIOD_DAYS = 90
"""The period budgets are read for."""


def share_path(present_rate: float, rules: BudgetShare, from_on: date) -> tuple[PathStep, ...]:
    """Draw the path from today's share to the band: each step at most `max_step_rate` beyond the one before.

    A path set by a marketer is taken as it is. Below the band a step never asks for less than the step before;
    inside the band the path is the band; above it the path comes down in equal small steps.
    """
    if rules.path:
        return tuple(sorted(rules.path, key=_from))
    steps: list[PathStep] = []
    low, on = present_rate, from_on
    while low < rules.band_min_rate - 1e-9:
        high = min(round(low + rules.max_step_rate, 6), rules.band_max_rate)
        steps.append(PathStep(from_on=on, min_rate=round(low, 6), max_rate=high))
        low, on = high, on + timedelta(days=rules.step_days)
    while low > rules.band_max_rate + 1e-9:
        lower = max(round(low - rules.max_step_rate, 6), rules.band_max_rate)
        steps.append(PathStep(from_on=on, min_rate=lower, max_rate=round(low, 6)))
        low, on = lower, on + timedelta(days=rules.step_days)
    return (*steps, PathStep(from_on=on, min_rate=rules.band_min_rate, max_rate=rules.band_max_rate))


def step_on(path: tuple[PathStep, ...], on: date) -> PathStep | None:
    """Give the step a day falls in; none before the first."""
    begun = [step for step in path if step.from_on <= on]
    return begun[-1] if begun else None


def _from(step: PathStep) -> date:
    return step.from_on
