"""False positives, power and coverage of every rule on every case: `python -m eval.looks.grid --runs 10000`.

Says 1 where planned looks cry wolf in more than 5.5 % or anytime-valid ones in more than 5 %, beyond what chance of the
runs explains (two standard errors), or where the anytime-valid interval of the pooled variance covers the truth at all
looks in fewer than 94.5 % of runs; the other intervals are shown.
"""

import argparse
import sys
from typing import NamedTuple

import numpy as np

from tools.experiments.anytime import multiplier
from tools.experiments.arms import Floats, difference, pooled_error, welch_error

from .rules import ALPHA, RULES, Flags, bounds_by_day, progress, readable
from .worlds import CASES, FROZEN, N_DAYS, Case, Watched, watched

MOST = {"planned": 0.055, "anytime": 0.05, "exact": 0.05}
"""Goals for false positives."""
LEAST_COVERED = 0.945
EFFECT = 0.1


class Row(NamedTuple):
    """One case: shares of runs, by rule."""

    case: Case
    """Which."""
    n_runs: int
    """Runs behind every share."""
    rejected: dict[str, float]
    """Runs in which the rule said on any day that the arms differ."""
    stop_day: dict[str, float]
    """Median day of the first such look, among runs that had one."""


def measure(case: Case, n_runs: int, seed: int, lift: float = 0.0, *, capped: bool = True) -> Row:
    """Run every rule on one case; rules of shares are left out for revenue."""
    names = [name for name in RULES if name != "exact" or case.sigma is None]
    hits: dict[str, list[Flags]] = {name: [] for name in names}
    for part in watched(case, n_runs, seed, lift, capped=capped):
        for name in names:
            hits[name].append(RULES[name](part))
    found = {name: np.concatenate(flags) for name, flags in hits.items()}
    rejected = {name: float(flags.any(axis=1).mean()) for name, flags in found.items()}
    return Row(case, n_runs, rejected, {name: _stop_day(flags) for name, flags in found.items()})


def coverage(case: Case, n_runs: int, seed: int, lift: float = EFFECT) -> dict[str, float]:
    """Give the share of runs in which each interval held the truth at every readable look, among runs with any."""
    kept: dict[str, list[Flags]] = {}
    for part in watched(case, n_runs, seed, lift):
        may = readable(part)
        for name, width in _widths(part, may).items():
            outside = np.asarray(np.abs(difference(part.arms) - part.truth) > width) & may
            kept.setdefault(name, []).append(~np.any(outside, axis=1)[may.any(axis=1)])
    joined = {name: np.concatenate(flags) for name, flags in kept.items()}
    return {name: float(flags.mean()) if flags.size else float("nan") for name, flags in joined.items()}


def too_many(row: Row) -> list[str]:
    """Name the rules that miss their goal by more than two standard errors of the runs."""
    return [
        name
        for name, most in MOST.items()
        if name in row.rejected and row.rejected[name] > most + 2 * (most * (1 - most) / row.n_runs) ** 0.5
    ]


def _widths(part: Watched, may: Flags) -> dict[str, Floats]:
    pooled, welch = pooled_error(part.arms), welch_error(part.arms)
    times, bounds = multiplier(progress(part), ALPHA), np.where(may, bounds_by_day(part.case, may), 0.0)
    return {
        "anytime pooled": times * pooled, "anytime welch": times * welch,
        "planned pooled": bounds * pooled, "planned welch": bounds * welch,
    }  # fmt: skip


def _stop_day(flags: Flags) -> float:
    stopped = flags[flags.any(axis=1)]
    return float(np.median(stopped.argmax(axis=1)) + 1) if len(stopped) else float("nan")


def main(words: list[str]) -> int:
    """Print the tables; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(prog="eval.looks.grid", description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000, help="experiments per case")
    parser.add_argument("--seed", type=int, default=20251202, help="where chance comes from")
    asked = parser.parse_args(words)
    missed = _false_positives(asked.runs, asked.seed) + _coverages(max(asked.runs // 2, 1), asked.seed + 1)
    for text in missed:
        sys.stdout.write(f"missed: {text}\n")
    return int(bool(missed))


def _false_positives(n_runs: int, seed: int) -> list[str]:
    sys.stdout.write(f"False positives, {n_runs:,} runs per case, {N_DAYS} daily looks, alpha .05\n")
    _line("case", *RULES)
    missed = []
    for case in (*CASES, *FROZEN):
        row = measure(case, n_runs, seed)
        _line(case.name, *(_cell(row.rejected.get(name)) for name in RULES))
        missed += [f"{name} on {case.name}" for name in too_many(row)]
    for case in CASES:
        if case.sigma is not None:
            row = measure(case, n_runs, seed, capped=False)
            _line(f"without a cap: {case.name}", *(_cell(row.rejected.get(name)) for name in RULES))
    return missed


def _coverages(n_runs: int, seed: int) -> list[str]:
    names = ("anytime pooled", "anytime welch", "planned pooled", "planned welch")
    sys.stdout.write(f"\nCoverage at all readable looks together, lift +10 %, {n_runs:,} runs per case\n")
    _line("case", *names)
    missed = []
    for case in (*CASES, *FROZEN):
        shares = coverage(case, n_runs, seed)
        _line(case.name, *(_cell(shares[name]) for name in names))
        missed += [f"{names[0]} covers too little on {case.name}"] if shares[names[0]] < LEAST_COVERED else []
    return missed


def _line(first: str, *cells: str) -> None:
    sys.stdout.write(f"| {' | '.join((first, *cells))} |\n")
    if first == "case":
        sys.stdout.write(f"|{'---|' * (1 + len(cells))}\n")
    sys.stdout.flush()


def _cell(share: float | None) -> str:
    return "-" if share is None or share != share else f"{share:.3f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
