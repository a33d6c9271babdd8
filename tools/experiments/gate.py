"""The gate before every readout: figures that would mean nothing become a reason, with a date where one is known."""

import math
from datetime import date, datetime, timedelta
from typing import NamedTuple

from memory.domain.outcome import NotEstimable

from .arms import ArmMean
from .lift import MIN_BUYERS


class Calendar(NamedTuple):
    """When an experiment began, when its outcome window ends, and now."""

    starts_at: datetime
    """First instant that counts."""
    ends_at: datetime
    """First instant after the window."""
    as_of: datetime
    """The instant of the look."""


def refusal(
    treated: ArmMean, control: ArmMean, calendar: Calendar | None = None, least: int = MIN_BUYERS
) -> NotEstimable | None:
    """Say why the arms cannot be compared yet, or give None: an empty arm, too few buyers, no variation.

    Fewer than `least` buyers in the smaller arm (by people) are not read: normal intervals of rare or skewed outcomes
    stop holding there. The date is where buyers reach `least` if they keep coming at the pace so far.
    """
    smaller, name = (control, "control") if control.n_people <= treated.n_people else (treated, "treated")
    if not treated.n_people or not control.n_people:
        return NotEstimable(
            code="no_control_group",
            message="One arm is empty, so nothing can be compared; set a holdout in the next plan.",
        )
    if min(treated.n_people, control.n_people) < 2:
        return NotEstimable(code="too_few_people", message="An arm has fewer than two people.")
    if smaller.n_buyers < least:
        return _too_few(smaller, name, calendar, least)
    if treated.variance + control.variance <= 0:
        return NotEstimable(code="no_variance", message="Everyone has the same value; a difference has no spread.")
    return None


def arm_refusal(arm: ArmMean, name: str, calendar: Calendar, least: int = MIN_BUYERS) -> NotEstimable | None:
    """Say why one arm says too little by itself, or give None: fewer than two people, fewer than `least` buyers."""
    if arm.n_people < 2:
        return NotEstimable(code="too_few_people", message=f"The {name} arm has fewer than two people.")
    return _too_few(arm, name, calendar, least) if arm.n_buyers < least else None


def window_open(calendar: Calendar) -> NotEstimable | None:
    """Say that the outcome window still runs, with its last day, or give None."""
    if calendar.as_of >= calendar.ends_at:
        return None
    on = calendar.ends_at.date()
    return NotEstimable(
        code="window_open", message=f"The outcome window is not over; readable on {on}.", readable_on=on
    )


def _too_few(arm: ArmMean, name: str, calendar: Calendar | None, least: int) -> NotEstimable:
    on = _readable_on(arm.n_buyers, calendar, least)
    when = f", about {on} at the pace so far" if on else ""
    return NotEstimable(
        code="too_few_buyers",
        message=f"The {name} arm has {arm.n_buyers} buyers; it is read from {least} on{when}.",
        readable_on=on,
    )


def _readable_on(n_buyers: int, calendar: Calendar | None, least: int) -> date | None:
    """Give the day on which buyers reach `least` at the pace so far; None where none came or the window ends before."""
    if calendar is None or n_buyers == 0 or calendar.as_of <= calendar.starts_at:
        return None
    seconds = (calendar.as_of - calendar.starts_at).total_seconds()
    days = math.ceil(seconds * least / n_buyers / 86_400)
    if days > 36_500:
        return None
    reached = calendar.starts_at + timedelta(days=days)
    return reached.date() if reached <= calendar.ends_at else None
