"""`python -m eval.scoreboard.bounded`: the oracle's net beside a bound that no planner's expected net exceeds."""

import argparse
import sys
from collections.abc import Iterable
from time import process_time

import numpy as np

from agent.planning.context import PlanContext
from eval.learning import ratio
from memory.domain.base import Frozen
from memory.domain.brief import Brief
from memory.domain.experiment import Interval

from .board import FIRST_SEED
from .bound import Asked, net_bound
from .context import context_of
from .crowd import Crowd, make_crowd
from .planners import ORACLE, Entry
from .policies import Knowing
from .scoring import oracle_net
from .tasks import tasks_named


class Bounded(Frozen):
    """One world, in euro cents."""

    seed: int
    """The world."""
    oracle_minor: float
    """What the oracle nets."""
    bound_minor: float
    """What no planner nets on average."""


class BoundReport(Frozen):
    """The oracle beside the bound over all worlds."""

    n_customers: int
    """People per shop."""
    worlds: tuple[Bounded, ...]
    """One per seed."""
    share: Interval
    """Sum of the oracle's nets over the sum of the bounds, with its interval over worlds."""


def measure(seeds: Iterable[int], n_customers: int, task: str) -> BoundReport:
    """Hold the oracle against the bound in the world of each seed; needs two or more."""
    (brief_of,) = tasks_named(task)
    found = []
    for seed in seeds:
        crowd = make_crowd(seed, n_customers)
        context = context_of(crowd)
        brief = brief_of.brief("en", context)
        asked = asked_of(brief, crowd, context)
        found.append(
            Bounded(
                seed=seed,
                oracle_minor=round(oracle_net(brief, crowd, context), 2),
                bound_minor=round(net_bound(asked, crowd), 2),
            )
        )
    nets, bounds = (np.array([getattr(one, name) for one in found]) for name in ("oracle_minor", "bound_minor"))
    return BoundReport(n_customers=n_customers, worlds=tuple(found), share=ratio(nets, bounds))


def asked_of(brief: Brief, crowd: Crowd, context: PlanContext) -> Asked:
    """Give what the oracle chooses from: every message that composes, under the context's guardrails."""
    made = ORACLE.make(brief, context)
    assert isinstance(made, Entry), made
    knowing = made.policies[0]
    assert isinstance(knowing, Knowing)
    return Asked(knowing.menu, made.gifts, brief, context.guardrails, made.plan.holdout.rate)


def main(words: list[str]) -> int:
    """Print a line per world and the pooled share; 1 where the pooled share is above 1."""
    parser = argparse.ArgumentParser(prog="eval.scoreboard.bounded", description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--customers", type=int, default=3_000)
    parser.add_argument("--task", default="plain", help="One brief by name.")
    asked, began = parser.parse_args(words), process_time()
    found = measure(range(FIRST_SEED, FIRST_SEED + asked.seeds), asked.customers, asked.task)
    sys.stdout.write("| seed | oracle, EUR | bound, EUR | share |\n|---|---|---|---|\n")
    for one in found.worlds:
        cells = f"{one.oracle_minor / 100:,.0f} | {one.bound_minor / 100:,.0f}"
        sys.stdout.write(f"| {one.seed} | {cells} | {one.oracle_minor / one.bound_minor:.2f} |\n")
    sys.stdout.write(
        f"oracle over bound: {found.share.estimate:.2f} [{found.share.low:.2f}, {found.share.high:.2f}]; "
        f"{process_time() - began:.0f} CPU s\n"
    )
    return int(found.share.estimate > 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
