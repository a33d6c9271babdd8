"""Ways to read an experiment daily: per rule, on which days it says that the arms differ.

`planned`, `anytime` and `exact` call the product's own functions. `gbstats` is another library's formula, written down
here to stand beside them, and is no part of the product.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from tools.experiments.anytime import multiplier
from tools.experiments.arms import Floats, difference, harmonic_n, pooled_error, welch_error
from tools.experiments.boundaries import boundaries
from tools.experiments.lift import MIN_BUYERS
from tools.experiments.two_by_two import log_e

from .worlds import N_DAYS, Case, Watched

Flags = npt.NDArray[np.bool_]
ALPHA = 0.05
Z = 1.959963984540054
GBSTATS_TUNING = 5_000


def readable(seen: Watched, least: int = MIN_BUYERS) -> Flags:
    """Say on which days the smaller arm has enough buyers."""
    n1, n0 = seen.arms.n
    return np.asarray(np.where(n0 <= n1, seen.buyers[1], seen.buyers[0]) >= least)


def fixed(seen: Watched) -> Flags:
    """Welch's test, looked at once, on the last day."""
    found = np.zeros(seen.buyers[0].shape, dtype=bool)
    found[:, -1] = daily(seen)[:, -1]
    return found


def daily(seen: Watched) -> Flags:
    """The same test looked at every day as if each were the only one."""
    return _z(seen, welch_error(seen.arms)) >= Z


def planned(seen: Watched) -> Flags:
    """Planned looks on every readable day, pooled variance."""
    may = readable(seen)
    return np.asarray(may & (_z(seen, pooled_error(seen.arms)) >= bounds_by_day(seen.case, may)))


def anytime(seen: Watched) -> Flags:
    """The confidence sequence on every readable day, pooled variance, tuned for the last day."""
    return np.asarray(readable(seen) & (_z(seen, pooled_error(seen.arms)) >= multiplier(progress(seen), ALPHA)))


def exact(seen: Watched) -> Flags:
    """The 2x2 e-process; shares only, no gate."""
    return np.asarray(log_e(seen.new_people, seen.new_buyers) >= -np.log(ALPHA))


def gbstats(seen: Watched) -> Flags:
    """The sequential formula of gbstats 0.8.0 (frequentist tests, tuning 5,000): all people count, own variances."""
    n = seen.arms.n[0] + seen.arms.n[1]
    rho2 = (-2 * np.log(ALPHA) + np.log(-2 * np.log(ALPHA) + 1)) / GBSTATS_TUNING
    error = welch_error(seen.arms)
    half = np.sqrt(error**2 * n) * np.sqrt(2 * (n * rho2 + 1) * np.log(np.sqrt(n * rho2 + 1) / ALPHA) / (n**2 * rho2))
    return np.asarray(np.abs(difference(seen.arms)) > half)


RULES: dict[str, Callable[[Watched], Flags]] = {
    "fixed": fixed, "daily": daily, "planned": planned, "anytime": anytime, "exact": exact, "gbstats": gbstats,
}  # fmt: skip
"""By the name of their column."""


def progress(seen: Watched) -> Floats:
    """Give the information over that expected on the last day."""
    if not seen.case.is_frozen:
        h = harmonic_n(*seen.arms.n)
        return h / h[:, -1:]
    share = (seen.buyers[0] + seen.buyers[1]) / (seen.arms.n[0] + seen.arms.n[1])
    return np.maximum(share / (1 - share), 1e-9) / (seen.case.rate / (1 - seen.case.rate))


def bounds_by_day(case: Case, may: Flags) -> Floats:
    """Give each run's boundary per day, looks beginning on its first readable day.

    Where people are frozen the information is that of the expected share of buyers, so that runs share boundaries.
    """
    days = np.arange(1, N_DAYS + 1) / N_DAYS
    share = case.rate * days
    information = share / (1 - share) if case.is_frozen else days
    starts = np.where(may.any(axis=1), may.argmax(axis=1), N_DAYS)
    table = np.full((N_DAYS + 1, N_DAYS), np.inf)
    for start in np.unique(starts):
        if start < N_DAYS:
            table[start, start:] = boundaries(information[start:].tolist(), days[start:].tolist(), ALPHA).z
    return np.asarray(table[starts])


def _z(seen: Watched, error: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.abs(difference(seen.arms)) / error
    return np.nan_to_num(z, nan=0.0, posinf=0.0)
