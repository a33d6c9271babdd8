"""Problems for the allocation: 4 channels x 3 offers, in families of tightness, ties, quotas and dead ends."""

from dataclasses import replace

import numpy as np

from tools.allocation import Budget, Count, Limit, Problem

SETTINGS = ((0.5, 0.6), (0.9, 0.1), (1.5, 0.5), (0.1, 0.9), (0.02, 0.05))
"""Budget and caps as shares of what the best plan without limits would use."""
FAMILIES = ("plain", "ties", "quotas", "zero", "negative")
N_CHANNELS, N_OFFERS, N_SEGMENTS, N_TYPES = 4, 3, 8, 60
M = N_CHANNELS * N_OFFERS


def world(n: int, seed: int, family: str = "plain", setting: tuple[float, float] = SETTINGS[0]) -> Problem:
    """Give n decisions of a family: one budget, four channel caps, consent, margin and a 5 % holdout masked."""
    return limited(unlimited(n, seed, family), family, setting)


def limited(bare: Problem, family: str, setting: tuple[float, float]) -> Problem:
    """Give the decisions with the limits of a setting."""
    budget, cap = setting
    spent, sent, in_segment = _free(bare)
    limits: list[Limit] = [Budget("budget", 0 if family == "zero" else int(spent * budget))]
    for channel in range(N_CHANNELS):
        limits.append(Count(f"channel {channel}", _of_channel(channel, bare.n_groups), int(sent[channel] * cap)))
    if family == "quotas":
        share = min(1.0, cap / 0.6, budget / 0.5)
        for segment, free in enumerate(in_segment):
            least = (0.5 if segment == 2 else 0.3 if segment % 2 else 0.05) * share
            most = 0.7 if segment % 4 else 0.4
            limits.append(Count(f"segment {segment}", _of_segment(segment), int(free * most), int(free * least)))
    return replace(bare, limits=tuple(limits))


def dead_end(n: int, seed: int) -> tuple[Problem, tuple[str, ...]]:
    """Give a problem no plan can solve, and the names of the limits that conflict."""
    problem = world(n, seed, "quotas")
    spent, _, _ = _free(problem)
    first = problem.limits[1]
    assert isinstance(first, Count)
    if seed % 2:
        must = Count("reach channel 0", first.member, least=(first.most or 0) + 1 + seed)
        return replace(problem, limits=(*problem.limits, must)), ("channel 0", "reach channel 0")
    everybody = np.ones((N_SEGMENTS, M), dtype=np.bool_)
    poor = Budget("budget", int(spent * 0.001))
    many = Count("reach many", everybody, least=n // 2)
    return replace(problem, limits=(poor, many, *problem.limits[5:])), ("budget", "reach many")


def unlimited(n: int, seed: int, family: str) -> Problem:
    """Give n decisions of a family without limits."""
    rng = np.random.default_rng([seed, n])
    consent = np.repeat(rng.random((N_CHANNELS, n)) < 0.75, N_OFFERS, axis=0)
    is_free = rng.random(n) >= 0.05
    if family == "ties":
        segment = rng.integers(0, N_TYPES, n)
        value = rng.normal(2_000, 8_000, (M, N_TYPES)).astype(np.int64)[:, segment]
        cost = rng.integers(50, 4_000, (M, N_TYPES))[:, segment]
        return Problem(value, consent & is_free, (cost,))
    offer = np.tile([200, 1_000, 3_000], N_CHANNELS)[:, None]
    channel = np.repeat([5, 40, 10, 60], N_OFFERS)[:, None]
    cost = (offer * rng.uniform(0.5, 1.5, (M, n))).astype(np.int64) + channel
    value = (rng.normal(-4_500, 8_000, (M, n)) + rng.normal(0, 6_000, n)).astype(np.int64)
    if family == "negative":
        value = -np.abs(value) - 1
    allowed = consent & is_free & (rng.random((M, n)) < 0.9)
    if family != "quotas":
        return Problem(value, allowed, (cost,))
    return Problem(value, allowed, (cost,), group=rng.integers(0, N_SEGMENTS, n), n_groups=N_SEGMENTS)


def _free(problem: Problem) -> tuple[int, np.ndarray, np.ndarray]:
    """Give what the best plan without limits spends, sends per channel and per segment."""
    worth = np.where(problem.allowed, problem.value, 0)
    option, chosen = worth.argmax(axis=0), worth.max(axis=0) > 0
    spent = int(problem.costs[0][option, np.arange(problem.n_decisions)][chosen].sum())
    sent = np.bincount(option[chosen] // N_OFFERS, minlength=N_CHANNELS)
    groups = problem.group if problem.n_groups > 1 else np.zeros(problem.n_decisions, dtype=np.int64)
    return spent, sent, np.bincount(groups[chosen], minlength=problem.n_groups)


def _of_channel(channel: int, n_groups: int) -> np.ndarray:
    member = np.zeros((n_groups, M), dtype=np.bool_)
    member[:, channel * N_OFFERS : (channel + 1) * N_OFFERS] = True
    return member


def _of_segment(segment: int) -> np.ndarray:
    member = np.zeros((N_SEGMENTS, M), dtype=np.bool_)
    member[segment] = True
    return member
