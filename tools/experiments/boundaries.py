"""Group-sequential boundaries, exact by recursive numerical integration.

Between looks the standardised sum S = Z sqrt(information) is a random walk with normal steps (Scharfstein, Tsiatis
and Robins 1997, JASA 92). The density of S over the paths that stayed inside is carried from look to look by
quadrature (Armitage, McPherson and Rowe 1969, Repeated significance tests on accumulating data, JRSS A 132;
Jennison and Turnbull 2000, Group Sequential Methods, chapter 19), here with Gauss-Legendre nodes. The whole is done
a second time with twice the nodes; the difference is the stated numerical error.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from memory.domain.errors import InvalidInput

from .spending import obrien_fleming

Floats = npt.NDArray[np.float64]
FARTHEST_Z = 9.0
"""Paths beyond are left out of the integral: 2e-19 of them."""
LEAST_SPENT = 1e-12
"""An increment of alpha smaller than this is spent by a union bound instead of by integration."""
LEAST_STEP = 1e-4
"""The information between two looks, as a share of the later look's."""
_MOST_ERROR = 1e-8


class Boundaries(NamedTuple):
    """Where to stop at each look."""

    z: tuple[float, ...]
    """Stop at the first look whose |z| reaches its boundary."""
    spent: tuple[float, ...]
    """Two-sided alpha spent up to and including each look."""
    error: float
    """Bound of the numerical error of the total alpha."""


class _Inside(NamedTuple):
    """The paths that have not stopped: nodes over S, and how much probability sits at each."""

    nodes: Floats
    mass: Floats


def boundaries(information: Sequence[float], elapsed: Sequence[float], alpha: float = 0.05) -> Boundaries:
    """Give the two-sided boundary of every look taken so far.

    `information` grows from look to look in any unit, since only its ratios matter; `elapsed` is the share of the
    experiment that is over at each look, by information or by the calendar (Lan and DeMets 1989, Statistics in
    Medicine 8), and says how much of `alpha` may be spent. A share of 1 spends all. Later looks need not be known.
    Raises `InvalidInput` where looks do not advance.
    """
    _check(information, elapsed, alpha)
    return _boundaries(tuple(map(float, information)), tuple(map(float, elapsed)), alpha)


@lru_cache(maxsize=256)
def _boundaries(information: tuple[float, ...], elapsed: tuple[float, ...], alpha: float) -> Boundaries:
    spent = [obrien_fleming(share, alpha) for share in elapsed]
    inside, before, z, slack = _START, 0.0, list[float](), 0.0
    for index, now in enumerate(information):
        step = (now - before) ** 0.5
        increment = spent[index] - (spent[index - 1] if index else 0.0)
        if increment < LEAST_SPENT:
            z.append(float(-ndtri(max(increment, 1e-300) / 2)))
            slack += max(increment, 0.0)
        else:
            z.append(_solve(inside, step, now, increment))
        inside = _advance(inside, step, now, z[-1], _next_step(information, index), 1)
        before = now
    reached = crossing(information, z)
    finer = _walk(information, z, 0.0, 2)
    error = float(np.abs(np.cumsum(reached) - np.cumsum(finer)).max()) + slack
    assert error < _MOST_ERROR, f"the boundaries are off by {error}"
    return Boundaries(tuple(z), tuple(spent), error)


def crossing(information: Sequence[float], z: Sequence[float], drift: float = 0.0) -> Floats:
    """Give per look the probability to stop there, for a mean of z of `drift` at the last look's information."""
    return _walk(information, z, drift, 1)


def _walk(information: Sequence[float], z: Sequence[float], drift: float, fineness: int) -> Floats:
    slope = drift / information[-1] ** 0.5
    inside, before, found = _START, 0.0, []
    for index, (now, bound) in enumerate(zip(information, z, strict=True)):
        step, mean = (now - before) ** 0.5, slope * (now - before)
        found.append(_beyond(inside, step, mean, bound * now**0.5))
        inside = _advance(inside, step, now, bound, _next_step(information, index), fineness, mean, slope * now)
        before = now
    return np.array(found)


def _solve(inside: _Inside, step: float, now: float, increment: float) -> float:
    root = now**0.5
    return float(brentq(lambda z: _beyond(inside, step, 0.0, z * root) - increment, 0.0, 20.0, xtol=1e-12))


def _beyond(inside: _Inside, step: float, mean: float, bound: float) -> float:
    """Give the probability to step from inside to beyond ±`bound`."""
    above = ndtr((inside.nodes + mean - bound) / step)
    below = ndtr((-bound - inside.nodes - mean) / step)
    return float(inside.mass @ (above + below))


def _advance(
    inside: _Inside,
    step: float,
    now: float,
    z: float,
    next_step: float,
    fineness: int,
    mean: float = 0.0,
    centre: float = 0.0,
) -> _Inside:
    """Carry the density one look on, onto nodes between the boundaries (clipped far out around the mean)."""
    root = now**0.5
    low = max(-z * root, centre - FARTHEST_Z * root)
    high = min(z * root, centre + FARTHEST_Z * root)
    if high <= low:
        return _Inside(np.zeros(1), np.zeros(1))
    half, middle = (high - low) / 2, (high + low) / 2
    n = fineness * (32 + int(np.ceil(np.pi * half / (0.6 * min(step, next_step)))))
    points, weights = _legendre(n)
    nodes = middle + half * points
    kernel = np.exp(-0.5 * ((nodes[:, None] - inside.nodes[None, :] - mean) / step) ** 2)
    density = kernel @ inside.mass / (step * np.sqrt(2 * np.pi))
    return _Inside(nodes, density * weights * half)


def _next_step(information: Sequence[float], index: int) -> float:
    later = information[index + 1] if index + 1 < len(information) else 2 * information[index]
    return float((later - information[index]) ** 0.5)


@lru_cache(maxsize=512)
def _legendre(n: int) -> tuple[Floats, Floats]:
    from scipy.special import roots_legendre

    points, weights = roots_legendre(n)
    return points, weights


def _check(information: Sequence[float], elapsed: Sequence[float], alpha: float) -> None:
    grows = all(
        late - early >= LEAST_STEP * late for early, late in zip((0.0, *information), information, strict=False)
    )
    shares = all(0 < one <= 1 for one in elapsed) and list(elapsed) == sorted(elapsed)
    if not information or len(information) != len(elapsed) or not grows or not shares or not 0 < alpha < 1:
        raise InvalidInput(
            what="The list of looks",
            why="information must grow by at least 0.01 % from look to look, elapsed lie in (0, 1] and never shrink",
            remedy="Leave out looks at which nothing new had come in.",
        )


_START = _Inside(np.zeros(1), np.ones(1))
