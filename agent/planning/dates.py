"""Dates of a plan: everything is counted from the anchor day (S2-46, S2-53, trap 7)."""

from datetime import date, timedelta
from functools import lru_cache

from memory.domain.plan import PHASE_DAYS, Phase, PhaseId

from .catalogue.template import StepTemplate

LAST_DAY = 90


def day_on(anchor_on: date, day: int) -> date:
    """Give the date of a day offset."""
    return anchor_on + timedelta(days=day)


def phases(anchor_on: date) -> tuple[Phase, ...]:
    """Give the four phases with their dates."""
    return tuple(
        Phase(id=phase, starts_on=day_on(anchor_on, first), ends_on=day_on(anchor_on, last))
        for phase, (first, last) in PHASE_DAYS.items()
    )


def phase_of(day: int) -> PhaseId:
    """Give the phase a day offset falls in."""
    return next(phase for phase, (first, last) in PHASE_DAYS.items() if first <= day <= last)


def playbook_day(template: StepTemplate, wanted: int, anchor_on: date) -> int | None:
    """Give the day the playbook sends a step on: the wanted one, or the next that its months and phases allow."""
    fitting = _fitting(template.phases, template.months, anchor_on)
    later = [day for day in fitting if day >= wanted]
    return later[0] if later else (fitting[-1] if fitting else None)


@lru_cache(maxsize=256)
def _fitting(phases: tuple[PhaseId, ...], months: tuple[int, ...], anchor_on: date) -> tuple[int, ...]:
    """Give the days of these phases in these months; asked for a thousand times over while a plan is drafted."""
    allowed = [day for day in range(LAST_DAY + 1) if phase_of(day) in phases]
    return tuple(day for day in allowed if not months or day_on(anchor_on, day).month in months)


def offer_ends_on(template: StepTemplate, due_on: date, plan_ends_on: date, valid_days: int | None) -> date:
    """Give an offer's last day: its own length, inside the plan; a January mission ends with January (S2-54)."""
    end = due_on + timedelta(days=template.offer_days if valid_days is None else valid_days)
    if template.months == (1,):
        end = min(end, date(due_on.year, 1, 31))
    return max(min(end, plan_ends_on), due_on)
