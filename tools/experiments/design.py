"""What an experiment can show before it is run: the smallest lift found, by holdout size, with planned looks."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from memory.domain.errors import InvalidInput
from memory.domain.evidence import DesignRow
from memory.domain.experiment import Estimate, Interval
from memory.domain.outcome import NotEstimable

from .boundaries import boundaries, crossing
from .lift import MIN_BUYERS
from .power import power

PLANNED = "planned looks, Lan-DeMets O'Brien-Fleming (Jennison, Turnbull 2000, chapter 7); "
HOLDOUTS = (0.05, 0.1, 0.2, 0.3, 0.5)


class Design(NamedTuple):
    """How the experiment will be read."""

    n_looks: int = 28
    """Evenly spaced looks, the last at the end."""
    alpha: float = 0.05
    """Two-sided error probability over all looks."""
    goal: float = 0.8
    """Power asked for."""


def designs(
    n_people: int, baseline: float, holdouts: Sequence[float] = HOLDOUTS, how: Design = Design()
) -> tuple[DesignRow, ...]:
    """Give one row per holdout share for `n_people` of whom `baseline` buy without any message."""
    if n_people < 2 or not all(0 < share < 1 for share in holdouts):
        raise InvalidInput(
            what="The design", why="it needs two people and holdouts between 0 and 1", remedy="Give for example 0.1."
        )
    return tuple(_row(n_people, baseline, share, how) for share in holdouts)


def _row(n_people: int, baseline: float, share: float, how: Design) -> DesignRow:
    n_control = round(n_people * share)
    n_treated = n_people - n_control
    buyers = min(n_control, n_treated) * baseline
    fixed, planned = (
        _readable(buyers) or power(n_treated, n_control, baseline, alpha=alpha, goal=how.goal)
        for alpha in (how.alpha, level_alike(how))
    )
    return DesignRow(
        holdout_rate=share,
        n_treated=n_treated,
        n_control=n_control,
        n_control_buyers=round(n_control * baseline, 1),
        fixed_pp=fixed,
        planned_pp=_named(planned),
        planned_relative=_relative(_named(planned), baseline),
    )


def _readable(buyers: float) -> NotEstimable | None:
    if buyers >= MIN_BUYERS:
        return None
    return NotEstimable(
        code="too_few_buyers",
        message=f"About {buyers:.0f} buyers are expected in the smaller arm; it is read from {MIN_BUYERS} on.",
    )


@lru_cache(maxsize=64)
def level_alike(how: Design) -> float:
    """Give the level at which one look at the end needs the same drift for the goal as the planned looks do."""
    shares = [(index + 1) / how.n_looks for index in range(how.n_looks)]
    z = boundaries(shares, shares, how.alpha).z
    drift = brentq(lambda drift: crossing(shares, z, drift).sum() - how.goal, 0.5, 12.0)
    return float(2 * ndtr(float(ndtri(how.goal)) - drift))


def _named(estimate: Estimate) -> Estimate:
    if isinstance(estimate, NotEstimable):
        return estimate
    return estimate.model_copy(update={"method": PLANNED + estimate.method})


def _relative(estimate: Estimate, baseline: float) -> Estimate:
    if isinstance(estimate, NotEstimable):
        return estimate
    value = estimate.estimate / 100 / baseline
    return Interval(estimate=value, low=value, high=value, level=estimate.level, method=estimate.method)
