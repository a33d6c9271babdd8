"""Shares that grow with the days: planned and unplanned readings of people who were assigned on one day."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

import numpy as np

from memory.domain.evidence import AnytimeReadout, ExactEvidence, PlannedReadout
from memory.domain.outcome import NotEstimable

from .anytime import anytime, multiplier
from .arms import ArmMean, Floats
from .boundaries import LEAST_STEP
from .gate import Calendar, refusal
from .lift import MIN_BUYERS
from .planned import Look, planned, window_information
from .two_by_two import evidence


class Daily(NamedTuple):
    """Both arms of one experiment, day by day."""

    n: tuple[int, int]
    """People assigned: treated, control."""
    buyers: tuple[Floats, Floats]
    """How many had bought by the end of day 0, 1, ...: cumulative, of equal length."""

    def at(self, day: int) -> tuple[ArmMean, ArmMean]:
        """Give both arms as they stood after `day` days; nobody had bought after 0."""
        counts = [int(one[min(day, len(one)) - 1]) if day > 0 and len(one) else 0 for one in self.buyers]
        return ArmMean.of_share(self.n[0], counts[0]), ArmMean.of_share(self.n[1], counts[1])


class PlannedLook(NamedTuple):
    """The reading of the last planned look that can be read."""

    day: int
    """Days after the start."""
    readout: PlannedReadout
    """What it says."""


def planned_reading(
    daily: Daily, look_days: Sequence[int], day: int, n_days: int, *, alpha: float, calendar: Calendar
) -> PlannedLook | NotEstimable:
    """Read the last of the planned looks up to `day`; looks that could not be read spent nothing and are left out.

    A look at which the information had not grown since the one before is left out, too: it tells nothing new.
    """
    looks, last = list[Look](), 0
    for at in (one for one in look_days if one <= day):
        arms = daily.at(at)
        information = window_information(*arms)
        is_new = not looks or information - looks[-1].information >= LEAST_STEP * information
        if refusal(*arms) is None and is_new:
            looks.append(Look(information, min(1.0, at / n_days)))
            last = at
    if not looks:
        return refusal(*daily.at(day), calendar) or _none_read(daily, look_days, day, calendar)
    readout = planned(*daily.at(last), looks, alpha=alpha)
    assert isinstance(readout, PlannedReadout), "the look was readable when it was listed"
    return PlannedLook(last, readout)


def anytime_reading(
    daily: Daily, day: int, planned_rate: float, *, alpha: float, calendar: Calendar
) -> AnytimeReadout | NotEstimable:
    """Read the arms on any day; `planned_rate` is the share of buyers that was expected at the end beforehand."""
    arms = daily.at(day)
    return refusal(*arms, calendar) or anytime(*arms, progress(*arms, planned_rate), alpha=alpha, calendar=calendar)


def exact_reading(daily: Daily, day: int, *, alpha: float) -> ExactEvidence | NotEstimable:
    """Give the evidence of all days up to `day` that the arms buy differently; needs no least of buyers.

    Each day counts those who had not bought before it: while messages change nothing, both arms have the same chance.
    """
    if day <= 0:
        return NotEstimable(code="window_open", message="No day of the window is over.")
    buyers = tuple(np.diff(one[:day], prepend=0.0) for one in daily.buyers)
    waiting = tuple(n - np.cumsum(new) + new for n, new in zip(daily.n, buyers, strict=True))
    return evidence((waiting[0], waiting[1]), (buyers[0], buyers[1]), alpha=alpha)


def progress(treated: ArmMean, control: ArmMean, planned_rate: float) -> float:
    """Give the information so far over that expected at the end."""
    return window_information(treated, control) * (1 - planned_rate) / planned_rate


def sequence(daily: Daily, planned_rate: float, alpha: float = 0.05) -> tuple[Floats, Floats, Floats]:
    """Give the difference of shares after each day with its confidence sequence (each arm's own variance).

    NaN on days before the smaller arm has 50 buyers.
    """
    n1, n0 = daily.n
    rates = [buyers / max(n, 1) for n, buyers in zip(daily.n, daily.buyers, strict=True)]
    gap = rates[0] - rates[1]
    total = daily.buyers[0] + daily.buyers[1]
    done = total / np.maximum(n1 + n0 - total, 1) * (1 - planned_rate) / planned_rate
    smaller = daily.buyers[1] if n0 <= n1 else daily.buyers[0]
    with np.errstate(all="ignore"):
        error = np.sqrt(sum(rate * (1 - rate) / max(n - 1, 1) for rate, n in zip(rates, daily.n, strict=True)))
        width = multiplier(np.maximum(done, 1e-9), alpha) * error
    unread = (smaller < MIN_BUYERS) | (error <= 0)
    return tuple(np.where(unread, np.nan, one) for one in (gap, gap - width, gap + width))  # type: ignore[return-value]


def _none_read(daily: Daily, look_days: Sequence[int], day: int, calendar: Calendar) -> NotEstimable:
    """Say when the next look is, of arms that could be read today; where none is left, why the last was not read."""
    later = [one for one in look_days if one > day]
    if not later:
        unread = refusal(*daily.at(max(look_days)))
        assert unread is not None, "a look that could be read would be listed"
        return unread
    on = (calendar.starts_at + timedelta(days=min(later))).date()
    is_before_all = len(later) == len(look_days)
    said = "No planned look has come yet; the first" if is_before_all else "No planned look could be read yet; the next"
    return NotEstimable(code="window_open", message=f"{said} is on {on}.", readable_on=on)
