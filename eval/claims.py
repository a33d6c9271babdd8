"""`python -m eval.claims`: what plans claim over what they bring, in shops whose laws are as strong as chance has it.

`eval.learning` with other shops: in each one every true effect is scaled by a strength of its own, drawn evenly on the
logarithm between a fifth and 1.3 of the gym's usual one. Seeds are fixed here and were used for nothing else.
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import process_time

import numpy as np

from memory.domain.base import Count, Frozen
from memory.domain.experiment import Interval
from tools.experiments.intervals import wilson

from .gym import effects
from .gym.catalogue import Flags, Floats
from .learning import Shop, gain, ratio, shop

SEED = 40_001
LEAST, MOST = 0.35, 2.1
"""Strength of the laws; the gym's usual one is 1.6."""
WEAK, STRONG = 0.64, 1.15
"""Laws below the one are called weak, above the other strong: a third of the shops each."""
GOAL = (0.9, 1.1)
N_CYCLES = 3


class Claims(Frozen):
    """Forecasts held against what came, by how many cycles were learned from."""

    n_cycles: Count
    """Cycles before the plan was drafted."""
    over_true: Interval
    """Sum of forecast over sum of true added orders, with its interval over shops."""
    covered: Interval
    """Share of shops whose 90 % range holds the true added orders (Wilson)."""
    mean_true_orders: float
    """True added orders per shop."""
    weak: float | None
    """Forecast over true added orders where laws are weak; null where no shop's are."""
    strong: float | None
    """The same where they are strong."""
    gain_rate: Interval
    """Net over that of the plan drafted before anything was measured, less one, in pairs over shops."""


def measure(n_worlds: int, n_customers: int, first_seed: int = SEED, n_cycles: int = N_CYCLES) -> tuple[Claims, ...]:
    """Let every shop learn under laws of its own strength, and judge its plans in a season nobody learned from."""
    shops = [_shop(seed, n_customers, n_cycles) for seed in range(first_seed, first_seed + n_worlds)]
    return tuple(_claims(shops, plan) for plan in range(n_cycles + 1))


def strength_of(seed: int) -> float:
    """Give how strong the laws are in the shop of a seed."""
    draw = np.random.default_rng([seed, 77]).uniform(np.log(LEAST), np.log(MOST))
    return float(np.exp(draw))


def _shop(seed: int, n_customers: int, n_cycles: int) -> Shop:
    with _laws(strength_of(seed)):
        return shop(seed, n_customers, n_cycles, n_fresh=1)


@contextmanager
def _laws(strength: float) -> Iterator[None]:
    usual, effects.STRENGTH = effects.STRENGTH, strength
    try:
        yield
    finally:
        effects.STRENGTH = usual


def _claims(shops: list[Shop], place: int) -> Claims:
    plans = [one.plans[place] for one in shops]
    claimed, true = (np.array([getattr(one, name) for one in plans]) for name in ("claimed_orders", "true_orders"))
    nets, strengths = _nets(shops, place), np.array([strength_of(one.seed) for one in shops])
    held = sum(one.low_orders <= one.true_orders <= one.high_orders for one in plans)
    return Claims(
        n_cycles=place,
        over_true=ratio(claimed, true),
        covered=wilson(held, len(plans)),
        mean_true_orders=float(true.mean()),
        weak=_pooled(claimed, true, strengths < WEAK),
        strong=_pooled(claimed, true, strengths > STRONG),
        gain_rate=gain(_nets(shops, 0), nets),
    )


def _nets(shops: list[Shop], place: int) -> Floats:
    return np.array([one.plans[place].net_minor for one in shops])


def _pooled(claimed: Floats, true: Floats, who: Flags) -> float | None:
    return float(claimed[who].sum() / true[who].sum()) if who.any() else None


def _split(found: Claims) -> str:
    known = {f"below {WEAK}": found.weak, f"above {STRONG}": found.strong}
    return ", ".join(f"{value:.2f} at strengths {name}" for name, value in known.items() if value is not None)


def main(words: list[str]) -> int:
    """Print a line per number of cycles; 1 where the ratio after the last one is outside 0.9 to 1.1."""
    parser = argparse.ArgumentParser(prog="eval.claims", description=__doc__)
    parser.add_argument("--worlds", type=int, default=51)
    parser.add_argument("--customers", type=int, default=12_000)
    parser.add_argument("--seed", type=int, default=SEED)
    asked, began = parser.parse_args(words), process_time()
    found = measure(asked.worlds, asked.customers, asked.seed)
    for one in found:
        over, held, more = one.over_true, one.covered, one.gain_rate
        sys.stdout.write(
            f"after {one.n_cycles} cycles: forecast over true added orders {over.estimate:.2f} [{over.low:.2f}, "
            f"{over.high:.2f}], 90 % range holds them in {held.estimate:.0%} [{held.low:.0%}, {held.high:.0%}]; "
            f"{one.mean_true_orders:,.0f} true added orders per shop; {_split(one)}; "
            f"nets {more.estimate:+.1%} [{more.low:+.1%}, {more.high:+.1%}] beside the first plan\n"
        )
    sys.stdout.write(
        f"{asked.worlds} shops of {asked.customers:,} people, strengths {LEAST} to {MOST}; "
        f"{process_time() - began:.0f} CPU s\n"
    )
    return 0 if GOAL[0] <= found[-1].over_true.estimate <= GOAL[1] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
