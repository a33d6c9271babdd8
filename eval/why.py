"""`python -m eval.why`: whether the change an explanation names flips the decision, over many sampled decisions.

Batches are drawn with people under caps, offers that run out, options that guardrails block, and budgets from none to
plenty. Each sampled decision is explained at the prices of its batch's plan, the change is applied and the decision is
taken again at those prices; a part of them is tried by working the whole batch out again, too.
"""

import argparse
import sys
from collections.abc import Sequence
from functools import partial

import numpy as np

from memory.domain.base import Count, Frozen
from memory.domain.experiment import Interval
from tools.allocation import AllocationPlan, Options, solve
from tools.allocation.options import problem_of
from tools.allocation.why import changed, decided_at, tried, why
from tools.experiments.intervals import wilson

SEED = 60_001
N_PER_BATCH, N_OPTIONS = 2_000, 4
SAMPLED, WHOLE = 500, 10
"""Decisions explained per batch, and those tried by working the whole batch out again."""


class Flips(Frozen):
    """How often the named change flipped the decision."""

    n_decisions: Count
    """Decisions explained."""
    flipped: Interval
    """Share that flipped at the prices of the plan."""
    n_whole: Count
    """Decisions tried by working the whole batch out again."""
    flipped_whole: Interval
    """Share of them that flipped so, by the change that is shown to people: doubled where prices move with it."""
    at_once: Interval
    """Share of them that needed no doubling."""


def measure(n_decisions: int, seed: int = SEED) -> Flips:
    """Explain so many decisions and try the change of each."""
    rng = np.random.default_rng(seed)
    n, flips, n_whole, whole, at_once = 0, 0, 0, 0, 0
    while n < n_decisions:
        options, budget_millis = batch(rng)
        plan = solve(problem_of(options, budget_millis))
        assert isinstance(plan, AllocationPlan), "doing nothing keeps upper bounds"
        now = decided_at(options, plan.prices, budget_millis)
        sampled = rng.choice(len(options.starts), min(SAMPLED, n_decisions - n), replace=False)
        for place, decision in enumerate(sampled.tolist()):
            flip = why(options, plan.prices, budget_millis, decision).flip
            after = changed(options, decision, flip)
            flips += bool(decided_at(after, plan.prices, budget_millis)[decision] != now[decision])
            if place < WHOLE:
                found = tried(options, decision, flip, partial(_again, budget_millis, decision), _place(plan, decision))
                n_whole += 1
                at_once += found == flip
                whole += found is not None
        n += len(sampled)
    return Flips(
        n_decisions=n,
        flipped=wilson(flips, n),
        n_whole=n_whole,
        flipped_whole=wilson(whole, n_whole),
        at_once=wilson(at_once, n_whole),
    )


def _again(budget_millis: int, decision: int, options: Options) -> int:
    plan = solve(problem_of(options, budget_millis))
    assert isinstance(plan, AllocationPlan), "doing nothing keeps upper bounds"
    return _place(plan, decision)


def _place(plan: AllocationPlan, decision: int) -> int:
    return int(plan.option[decision])


def batch(rng: np.random.Generator) -> tuple[Options, int]:
    """Give a batch and its budget: of plenty, of a tenth of what is wanted, or of nothing."""
    n, per = N_PER_BATCH, N_OPTIONS
    group = np.sort(rng.integers(0, n // 2, n))
    slots = rng.integers(0, 3, n // 2 + 1)
    offer = rng.integers(0, 3, n * per)
    cost = rng.integers(0, 400, n * per)
    options = Options(
        starts=np.arange(0, n * per, per),
        allowed=rng.random(n * per) < 0.7,
        net_millis=rng.integers(-500, 2_000, n * per),
        cost_millis=cost,
        cap_group=group,
        free_slots=slots[group],
        offer=offer,
        free_grants=np.array([10**6, n // 10, n // 5])[offer],
    )
    return options, int(rng.choice([10**9, n * 20, 0]))


def main(arguments: Sequence[str]) -> int:
    """Measure and print; fail where a change did not flip its decision."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--decisions", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args(arguments)
    found = measure(given.decisions, given.seed)
    sys.stdout.write(
        f"{found.n_decisions:,} decisions explained: {found.flipped.estimate:.2%} flip by the change that is named\n"
        f"{found.n_whole:,} of them with the whole batch worked out again: {found.flipped_whole.estimate:.1%} "
        f"[{found.flipped_whole.low:.1%}, {found.flipped_whole.high:.1%}] flip, {found.at_once.estimate:.1%} of all "
        "without doubling the change\n"
    )
    return 0 if found.flipped.estimate == found.flipped_whole.estimate == 1 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
