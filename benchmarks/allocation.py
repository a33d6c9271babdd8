"""The allocation: gaps in every family, and its time beside PDLP, HiGHS, its own passes and four times the people."""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np

from tools.allocation import AllocationPlan, budget_curve, solve
from tools.allocation.columns import NumpyPass
from tools.allocation.limits import sides_of
from tools.allocation.prepare import prepare

from .allocation_audit import violations
from .allocation_greedy import greedy
from .allocation_program import highs, program_of, save
from .allocation_worlds import FAMILIES, SETTINGS, dead_end, limited, unlimited, world
from .measure import ROOT, Figure, contend, measure
from .peers import peer_python

MODULE = "benchmarks.allocation"
GREEDY = "greedy of before"
Result = TypeVar("Result")


def run(short: bool) -> list[Figure]:
    """Give the figures; every contender runs on one thread in a process of its own."""
    os.environ["OMP_NUM_THREADS"] = "1"
    n, seeds = (400, 2) if short else (1_000_000, 8)
    figures = []
    for size in (n,) if short else (10_000, 100_000, n):
        figures.append(_gaps(size, seeds))
    figures.append(_whole(short))
    if not short:
        figures.append(_pdlp())
    return figures + _speed(n, short)


def _gaps(n: int, seeds: int) -> Figure:
    found = json.loads(measure(MODULE, "gaps", str(n), str(seeds)).result)
    for line in found["lines"]:
        print(f"  {line}", flush=True)
    goal = "<= 100 millionths" if n <= 10_000 else "<= 10 millionths"
    what = f"worst certified gap, {n:,} x 12, {seeds} seeds"
    return Figure(what, found["gap"] * 1e6, found["greedy"] * 1e6, "millionths", GREEDY, goal)


def gaps(n: str, seeds: str) -> str:
    """Solve every family and setting with every seed; count violations by SQL; give the worst gaps."""
    lines, worst, behind = [], 0.0, 0.0
    for family in FAMILIES:
        settings = SETTINGS if family in FAMILIES[:3] else SETTINGS[:1]
        rows: dict[tuple[float, float], list[tuple[float, float, int]]] = {setting: [] for setting in settings}
        for seed in range(int(seeds)):
            bare = unlimited(int(n), seed, family)
            for setting in settings:
                problem = limited(bare, family, setting)
                cpu = time.process_time()
                plan = solve(problem)
                cpu = time.process_time() - cpu
                assert isinstance(plan, AllocationPlan)
                rows[setting].append((plan.gap, cpu, len(violations(problem, plan.option))))
                if family in ("plain", "ties"):
                    behind = max(behind, 1 - greedy(problem) / plan.bound)
        for setting, ran in rows.items():
            gap, cpu, broken = max(row[0] for row in ran), max(row[1] for row in ran), sum(row[2] for row in ran)
            worst = max(worst, gap)
            lines.append(f"{family:9} {setting!s:12} worst gap {gap:.1e}, at most {cpu:.2f} CPU s, {broken} violations")
    named = [solve(problem) for problem, _ in (dead_end(int(n), seed) for seed in range(int(seeds)))]
    right = sum(plan.limits == dead_end(min(int(n), 100), seed)[1] for seed, plan in enumerate(named))  # type: ignore[union-attr]
    lines.append(f"infeasible {right} of {len(named)} conflicts named as planted")
    return json.dumps({"lines": lines, "gap": worst, "greedy": behind})


def _whole(short: bool) -> Figure:
    found = json.loads(measure(MODULE, "whole", "300" if short else "10000", "5" if short else "120").result)
    for line in found["lines"]:
        print(f"  {line}", flush=True)
    return Figure("whole objective at 10,000, in EUR", found["ours"], found["highs"], "EUR", "HiGHS MIP", "ratio >= 1")


def whole(n: str, seconds: str) -> str:
    """Hold the plan against HiGHS' integer program: three seeds, the ordinary and the poor setting, and ties."""
    lines, sums = [], [0.0, 0.0]
    for family, setting in (("plain", SETTINGS[0]), ("plain", SETTINGS[4]), ("ties", SETTINGS[0])):
        problem = world(int(n), 1, family, setting)
        cpu = time.process_time()
        plan = solve(problem, goal=0.0)
        between = time.process_time()
        value, bound = highs(program_of(problem), float(seconds), True)
        peer = time.process_time() - between
        assert isinstance(plan, AllocationPlan)
        sums = [sums[0] + plan.value / 1e5, sums[1] + value / 1e5]
        lines.append(
            f"{family} {setting}: ours {plan.value} (bound {plan.bound}, {between - cpu:.2f} CPU s), "
            f"HiGHS {value:.0f} (bound {bound:.0f}, {peer:.1f} CPU s)"
        )
    return json.dumps({"lines": lines, "ours": sums[0], "highs": sums[1]})


def _pdlp() -> Figure:
    problem = world(100_000, 1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "program.npz"
        save(program_of(problem), path)
        command = [str(peer_python()), str(ROOT / "benchmarks" / "pdlp_peer.py"), str(path), "1e-6"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    peer = json.loads(done.stdout.splitlines()[-1])
    ours = json.loads(measure(MODULE, "speed", "100000").result)
    print(
        f"  PDLP: value {peer['value'] * 1000:.0f}, breaks a row by {peer['excess']:.1e}, ended {peer['ended']}; "
        f"ours {ours['value']}, bound {ours['bound']}",
        flush=True,
    )
    return Figure("CPU, 100,000 x 12", ours["solve"], peer["cpu"], "s", "PDLP of OR-tools, 1e-6", "ratio <= 0.033")


def _speed(n: int, short: bool) -> list[Figure]:
    large, small = (json.loads(measure(MODULE, "speed", str(size)).result) for size in (n, n // 4))
    curve = large if short else json.loads(measure(MODULE, "speed", "100000").result)
    at = n if short else 100_000
    return [
        Figure(f"CPU, {n:,} x 12", large["solve"], large["pass"], "s", "one numpy pass", "ratio <= 12"),
        Figure(f"CPU, {n:,} against a quarter of it", large["solve"], small["solve"], "s", "a quarter", "ratio <= 5"),
        Figure(f"CPU, curve of 11 budgets, {at:,}", curve["curve"], curve["solve"], "s", "one plan", "ratio <= 4"),
        Figure(f"CPU, curve of 11 budgets, {n:,}", large["curve"], large["solve"], "s", "one plan", "ratio <= 4"),
    ]


def speed(n: str) -> str:
    """Give the CPU seconds of a plan, a pass and a curve: the smallest of five, of three for the curve."""
    problem = world(int(n), 1)
    sides = sides_of(problem.limits, problem.n_groups, problem.n_options)
    plan, seconds = _least(lambda: solve(problem), 5)
    columns = prepare(problem)
    at = np.array(plan.multipliers) if isinstance(plan, AllocationPlan) else np.zeros(len(sides))
    _, one = _least(lambda: NumpyPass(columns, sides)(at), 5)
    _, curve = _least(lambda: budget_curve(problem, "budget"), 3)
    assert isinstance(plan, AllocationPlan)
    found = {"solve": seconds, "pass": one, "curve": curve, "value": plan.value, "bound": plan.bound}
    return json.dumps(found)


def _least(run: Callable[[], Result], k: int) -> tuple[Result, float]:
    seconds = []
    for _ in range(k):
        cpu = time.process_time()
        result = run()
        seconds.append(time.process_time() - cpu)
    return result, min(seconds)


if __name__ == "__main__":
    contend({"gaps": gaps, "whole": whole, "speed": speed})
