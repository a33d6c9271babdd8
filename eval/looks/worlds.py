"""Simulated experiments of 28 days, many at once: what both arms hold after every day."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from memory.domain.outcome import NotEstimable
from tools.experiments.arms import Arms, Floats
from tools.experiments.cap import preset_cap

N_DAYS = 28
_MOST_BUYERS_AT_ONCE = 4_000_000


class Case(NamedTuple):
    """One kind of experiment."""

    name: str
    """What it is called in tables."""
    n_treated: int
    """People a day; where frozen, a 28th of the people."""
    n_control: int
    """The same of the control arm."""
    rate: float
    """Chance to buy without any message."""
    sigma: float | None = None
    """Spread of the logarithm of what a buyer spends; None looks at the share of buyers."""
    is_frozen: bool = False
    """Whether all people join on day 0 and buy over the window, instead of joining day by day."""


CASES = (
    Case("share .12, 500/500 a day", 500, 500, 0.12),
    Case("share .12, 4500/500", 4500, 500, 0.12),
    Case("share .05, 450/50", 450, 50, 0.05),
    Case("share .05, 45/5", 45, 5, 0.05),
    Case("revenue, sigma 1, 500/500", 500, 500, 0.12, 1.0),
    Case("revenue, sigma 1.5, 4500/500", 4500, 500, 0.12, 1.5),
    Case("revenue, sigma 1.5, p .05, 450/50", 450, 50, 0.05, 1.5),
)
"""The seven cases; a tenth withheld is the usual shop."""
FROZEN = (
    Case("frozen: share .12, 4500/500", 4500, 500, 0.12, None, True),
    Case("frozen: share .05, 450/50", 450, 50, 0.05, None, True),
    Case("frozen: revenue, sigma 1.5, 4500/500", 4500, 500, 0.12, 1.5, True),
)
"""As a plan goes live: everyone is assigned on one day and buyers come in over the window."""


class Watched(NamedTuple):
    """Many experiments of one case, day by day; every array is (runs, days)."""

    case: Case
    """Which case."""
    arms: Arms
    """Both arms after each day."""
    buyers: tuple[Floats, Floats]
    """Buyers so far."""
    new_people: tuple[Floats, Floats]
    """People who could buy for the first time on the day: joined on it, or frozen and without an order yet."""
    new_buyers: tuple[Floats, Floats]
    """Buyers of the day."""
    truth: Floats
    """The true difference after each day, shape (days,)."""


def watched(case: Case, n_runs: int, seed: int, lift: float = 0.0, *, capped: bool = True) -> Iterator[Watched]:
    """Simulate `n_runs` experiments in parts; treated people buy with chance rate (1 + `lift`)."""
    rng = np.random.default_rng(seed)
    rates = case.rate * (1 + lift), case.rate
    per_run = sum(n * N_DAYS * rate for n, rate in zip((case.n_treated, case.n_control), rates, strict=True))
    size = n_runs if case.sigma is None else max(1, int(_MOST_BUYERS_AT_ONCE / per_run))
    cap = _cap(case, rng) if capped else None
    for start in range(0, n_runs, size):
        yield _part(case, min(size, n_runs - start), rates, cap, rng)


def _cap(case: Case, rng: np.random.Generator) -> float | None:
    """Set the cap from 5,000 buyers of an earlier time."""
    if case.sigma is None:
        return None
    found = preset_cap(rng.lognormal(0.0, case.sigma, 5_000) * 100)
    assert not isinstance(found, NotEstimable)
    return found / 100


def _part(case: Case, n_runs: int, rates: tuple[float, float], cap: float | None, rng: np.random.Generator) -> Watched:
    arms = [_arm(case, n, rate, n_runs, cap, rng) for n, rate in zip(case[1:3], rates, strict=True)]
    (n1, m1, v1, b1, p1, d1), (n0, m0, v0, b0, p0, d0) = arms
    worth = _mean_spent(case.sigma, cap)
    truth = np.full(N_DAYS, (rates[0] - rates[1]) * worth)
    if case.is_frozen:
        truth = truth * np.arange(1, N_DAYS + 1) / N_DAYS
    return Watched(case, Arms((n1, n0), (m1, m0), (v1, v0)), (b1, b0), (p1, p0), (d1, d0), truth)


def _arm(
    case: Case, n: int, rate: float, n_runs: int, cap: float | None, rng: np.random.Generator
) -> tuple[Floats, ...]:
    """Give people so far, mean, variance, buyers so far, people who could buy on the day, buyers of the day."""
    days = np.arange(1, N_DAYS + 1, dtype=np.float64)
    if case.is_frozen:
        people = np.full((n_runs, N_DAYS), float(n * N_DAYS))
        chances = np.append(np.full(N_DAYS, rate / N_DAYS), 1 - rate)
        new = rng.multinomial(n * N_DAYS, chances, size=n_runs)[:, :N_DAYS]
        could = people - np.cumsum(new, axis=1) + new
    else:
        people = np.broadcast_to(n * days, (n_runs, N_DAYS)).copy()
        new, could = rng.binomial(n, rate, (n_runs, N_DAYS)), np.full((n_runs, N_DAYS), float(n))
    buyers = np.cumsum(new, axis=1).astype(np.float64)
    total, squares = (buyers, buyers) if case.sigma is None else _spent(new, case.sigma, cap, rng)
    mean = total / people
    return (
        people,
        mean,
        (squares - total * mean) / (people - 1),
        buyers,
        could.astype(np.float64),
        new.astype(np.float64),
    )


def _spent(
    new: np.ndarray[tuple[int, ...], np.dtype[np.int64]], sigma: float, cap: float | None, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    amounts = rng.lognormal(0.0, sigma, int(new.sum()))
    if cap is not None:
        np.minimum(amounts, cap, out=amounts)
    ends = np.concatenate([[0.0], np.cumsum(amounts)]), np.concatenate([[0.0], np.cumsum(amounts**2)])
    last = np.cumsum(new.ravel()).reshape(new.shape)
    first = last[:, :1] - new[:, :1]
    sums, squares = (running[last] - running[first] for running in ends)
    return sums, squares


def _mean_spent(sigma: float | None, cap: float | None) -> float:
    """Give the mean of a lognormal, capped where there is a cap."""
    from scipy.special import ndtr

    if sigma is None:
        return 1.0
    whole = float(np.exp(sigma**2 / 2))
    if cap is None:
        return whole
    z = float(np.log(cap) / sigma)
    return whole * float(ndtr(z - sigma)) + cap * float(ndtr(-z))
