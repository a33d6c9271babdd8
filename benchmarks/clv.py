"""The BG/NBD fit of a million buyers, beside the fit of 2,357, as many as the paper's data has."""

import json

import numpy as np
import pyarrow as pa
import scipy.optimize
import scipy.special

from tools.predictions.bgnbd import PRIOR, fit
from tools.predictions.histories import DAYS_PER_WEEK, types_of

from .measure import Figure, contend, take_turns

N_PAPER = 2_357
N_MANY = 1_000_000
SEED = 20261127
LOADED = (scipy.optimize, scipy.special)
"""Loaded before the clock starts: they take longer than the small fit."""
NAMES = ("r", "alpha", "a", "b")


def run(short: bool) -> list[Figure]:
    """Give CPU seconds of both fits, grouping into types included, and how far the parameters are from the truth."""
    n_many = 20_000 if short else N_MANY
    k = 1 if short else 5
    few = take_turns("benchmarks.clv", ["bgnbd"], k, str(N_PAPER))["bgnbd"]
    many = take_turns("benchmarks.clv", ["bgnbd"], k, str(n_many))["bgnbd"]
    found = json.loads(many.result)
    off, few_off = (_farthest(json.loads(one.result)) for one in (many, few))
    print(f"  {n_many:,} buyers of {found['n_types']:,} histories; parameters {found}")
    return [
        Figure(f"CPU of the fit, {n_many:,} buyers", many.cpu_seconds, few.cpu_seconds, "s", f"{N_PAPER:,} buyers",
               "<= 250x"),
        Figure("parameters, farthest from the true ones", 100 * off, 100 * few_off, "%", f"{N_PAPER:,} buyers"),
    ]  # fmt: skip


def _farthest(found: dict[str, float]) -> float:
    return max(abs(found[name] / true - 1) for name, true in zip(NAMES, PRIOR, strict=True))


def bgnbd(n: str) -> str:
    """Group simulated buyers into histories and fit them; simulating them takes a part of the time and counts."""
    types, _ = types_of(simulated(int(n)))
    found = fit(types)
    rounded = {name: round(getattr(found, name), 4) for name in NAMES}
    return json.dumps({**rounded, "n_types": len(types.n)})


def simulated(n: int) -> pa.Table:
    """Give (n_again, recency_days, age_days) of buyers who live by the model with the paper's parameters, in days."""
    rng = np.random.default_rng([SEED, n])
    r, alpha, a, b = PRIOR
    rate, leaves = rng.gamma(r, 1 / alpha, n), rng.beta(a, b, n)
    age = rng.integers(27 * 7, 39 * 7 + 1, n) / DAYS_PER_WEEK
    n_again, last, at = np.zeros(n, dtype=np.int64), np.zeros(n), np.zeros(n)
    open_to = np.arange(n)
    while len(open_to):
        at[open_to] += rng.exponential(1.0, len(open_to)) / rate[open_to]
        buys = open_to[at[open_to] <= age[open_to]]
        n_again[buys] += 1
        last[buys] = at[buys]
        open_to = buys[rng.random(len(buys)) >= leaves[buys]]
    days = [np.round(one * DAYS_PER_WEEK).astype(np.int64) for one in (last, age)]
    return pa.table({"n_again": n_again, "recency_days": days[0], "age_days": days[1]})


if __name__ == "__main__":
    contend({"bgnbd": bgnbd})
