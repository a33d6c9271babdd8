"""Planned looks: the default way to read an experiment before its end.

A boundary of O'Brien-Fleming type asks for very much early and for hardly more than the usual 1.96 at the end, so
looking on planned days costs little power. The interval beside it is the repeated confidence interval, which uses the
boundary in the place of 1.96 and so holds at all looks together (Jennison and Turnbull 1989, Interim analyses: the
repeated confidence interval approach, JRSS B 51).
"""

from collections.abc import Sequence
from typing import NamedTuple

from memory.domain.evidence import PlannedReadout
from memory.domain.experiment import Interval
from memory.domain.outcome import NotEstimable

from .arms import ArmMean, Arms, both, difference, pooled_error, welch_error
from .boundaries import boundaries
from .gate import Calendar, refusal

METHOD = "repeated interval, Lan-DeMets O'Brien-Fleming spending (Lan, DeMets 1983; Jennison, Turnbull 1989)"


class Look(NamedTuple):
    """When a look was taken."""

    information: float
    """How much was known, in any unit, such as `window_information`."""
    elapsed: float
    """Share of the experiment that was over, at most 1."""


def planned(
    treated: ArmMean,
    control: ArmMean,
    looks: Sequence[Look],
    *,
    alpha: float = 0.05,
    calendar: Calendar | None = None,
) -> PlannedReadout | NotEstimable:
    """Judge the arms at the last of `looks`; the earlier ones are those at which a readout was given.

    A look that gave `NotEstimable` is not listed: it told nothing and spent nothing. Raises `InvalidInput` where the
    information did not grow since the look before, as when nobody bought in between or orders were refunded.
    """
    too_early = refusal(treated, control, calendar)
    if too_early is not None:
        return too_early
    bounds = boundaries([look.information for look in looks], [look.elapsed for look in looks], alpha)
    arms = both(treated, control)
    z = float(difference(arms) / pooled_error(arms))
    return PlannedReadout(
        n_looks=len(looks),
        elapsed=looks[-1].elapsed,
        z=z,
        boundary=bounds.z[-1],
        alpha_spent=bounds.spent[-1],
        crosses=abs(z) >= bounds.z[-1],
        difference=_interval(arms, bounds.z[-1] * float(pooled_error(arms)), 1 - alpha, "; pooled variance"),
        welch=_interval(arms, bounds.z[-1] * float(welch_error(arms)), 1 - alpha, "; each arm's own variance"),
    )


def window_information(treated: ArmMean, control: ArmMean) -> float:
    """Give the information where everyone was assigned on one day and buyers come in over a window.

    The share F of people who bought so far is a binary outcome of the same people at every look; the correlation of
    two looks is sqrt(F early (1 - F late) / (F late (1 - F early))), so the odds of F are the clock. For amounts it is
    the same clock where few people buy twice. 0 without buyers; where everyone bought, the odds one person short of it.
    """
    n_buyers, n = treated.n_buyers + control.n_buyers, treated.n_people + control.n_people
    return n_buyers / max(n - n_buyers, 1)


def _interval(arms: Arms, width: float, level: float, note: str) -> Interval:
    gap = float(difference(arms))
    return Interval(estimate=gap, low=gap - width, high=gap + width, level=level, method=METHOD + note)
