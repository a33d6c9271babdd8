"""`python -m eval.targeting`: plans made from learned effects against the best possible ones, in worlds of known truth.

Worlds are like engine 2.5: 20 features, whether somebody orders, effects that are partly linear, partly steps and
interactions, and costs of the size of the average effect, so that sending to everybody is far from the best plan.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from memory.domain.base import Count, Frozen
from memory.domain.errors import InvalidInput
from memory.domain.experiment import Interval
from memory.domain.outcome import NotEstimable
from tools.effects import FLOOR, LEARNERS, LearnedEffects, Treatment, learn_effects
from tools.effects.learner import Learner
from tools.experiments.intervals import normal_interval, wilson
from tools.offpolicy.log import Floats, Log

SEED = 20251203
N_FEATURES, N_TRUTH = 20, 50_000
MARGIN = 43.0
"""Mean margin per order."""
NONE_RATE = 0.5
"""Share of the log that got nothing by chance; the treatments share the rest evenly."""
COST_SHARES = (0.4, 0.9)
"""What a send costs, as a share of what it brings on average: drawn evenly between."""
GOALS = {100_000: 0.68, 1_000_000: 0.90}
"""Share of the best plan's value to realise, by rows of the log (engine goal 7)."""
CLAIM_GOAL, COVER_GOAL = (0.9, 1.1), (0.93, 0.97)
Kind = Literal["message", "discounts"]
"""One message, or one discount in three sizes."""


class World(NamedTuple):
    """The invented law: who orders, and what a message adds to the log-odds."""

    base: Floats
    """(d,): how features move the chance of an order."""
    linear: Floats
    """(d,): how they move the effect."""
    places: np.ndarray
    """(5,): which features make steps and interactions."""
    signs: Floats
    """(3,): whether those add or take."""
    sizes: tuple[tuple[float, float], ...]
    """Per treatment: times the effect, plus a constant."""
    cost_share: float
    """What a send costs over what it brings on average."""

    def chances(self, x: Floats) -> Floats:
        """Give (m, A): the chance of an order after nothing and after each treatment."""
        step, left, right, one, other = (x[:, place] for place in self.places)
        parts = (
            0.16 * ((step > 0.3) - 0.38),
            0.20 * (((left > 0) & (right > 0)) - 0.25),
            0.12 * np.tanh(2 * one * other),
        )
        effect = 0.16 + x @ self.linear + sum(sign * part for sign, part in zip(self.signs, parts, strict=True))
        odds = -2.2 + x @ self.base + 0.4 * (step > 0.8)
        told = [odds, *(odds + times * effect + more for times, more in self.sizes)]
        chances: Floats = 1.0 / (1.0 + np.exp(-np.column_stack(told)))
        return chances


class Plan(NamedTuple):
    """What became of one world."""

    best: float
    """Net worth per person of the best plan."""
    realised: float
    """Of the plan that was made, in truth."""
    floor: float
    """Of the floor's plan, in truth."""
    claimed: Interval
    """What was claimed."""
    learner: str
    """Who made it."""
    over_floor: float
    """Lower end of its held-out lead over the floor; 0 where it is the floor's."""
    seconds: float
    """CPU seconds to learn."""


class TargetingReport(Frozen):
    """Plans from learned effects over several worlds."""

    kind: Kind
    """What could be sent."""
    n_worlds: Count
    """Worlds."""
    n_rows: Count
    """Rows per log."""
    realised_share: float
    """True value of the plans over that of the best ones."""
    lowest_share: float
    """In the worst world."""
    floor_share: float
    """The same of the ridge floor's plans."""
    n_below_floor: Count
    """Worlds whose plan is truly worth less than the floor's."""
    n_below_nothing: Count
    """Worlds whose plan is truly worth less than sending nothing."""
    n_sure: Count
    """Worlds whose plan is worth more than nothing by the lower end of its interval."""
    learners: dict[str, Count]
    """Who won how often."""
    claimed_over_realised: Interval
    """Sum of claims over sum of true values."""
    covered: Interval
    """Share of intervals that hold the true value."""
    seconds: float
    """CPU seconds of learning, per world."""

    def misses(self) -> tuple[str, ...]:
        """Give what misses its goal; ratios and coverage are judged from 50 worlds on."""
        goal = GOALS.get(self.n_rows, 0.0) if self.kind == "message" else 0.0
        found = [f"share below {goal:.0%}"] if self.realised_share < goal else []
        found += ["below the floor"] if self.n_below_floor else []
        found += ["below sending nothing"] if self.n_below_nothing else []
        if self.n_worlds >= 50:
            ratio, held = self.claimed_over_realised.estimate, self.covered
            found += [] if CLAIM_GOAL[0] <= ratio <= CLAIM_GOAL[1] else ["claims"]
            found += [] if COVER_GOAL[0] <= held.estimate <= COVER_GOAL[1] else ["coverage"]
        return tuple(found)


def world_of(number: int, kind: Kind) -> World:
    """Give a world by its number."""
    rng = np.random.default_rng([SEED, 1, number])
    linear = rng.normal(0, 1, N_FEATURES) * (rng.random(N_FEATURES) < 0.3)
    linear[0] += 1e-3  # some world has no other
    sizes = ((1.0, 0.0),) if kind == "message" else ((0.6, 0.0), (1.0, 0.03), (1.4, 0.06))
    return World(
        base=rng.normal(0, 0.18, N_FEATURES),
        linear=0.1 * linear / np.sqrt((linear**2).sum()),
        places=rng.permutation(N_FEATURES)[:5],
        signs=rng.choice([-1.0, 1.0], 3),
        sizes=sizes,
        cost_share=float(rng.uniform(*COST_SHARES)),
    )


def treatments_of(law: World) -> tuple[Treatment, ...]:
    """Give the world's treatments, priced by their true average effect."""
    told = law.chances(np.random.default_rng([SEED, 2]).standard_normal((N_TRUTH, N_FEATURES))).mean(axis=0)
    ladder = "discount" if len(law.sizes) > 1 else ""
    return tuple(
        Treatment(
            id=f"size_{place}",
            worth=MARGIN,
            cost=law.cost_share * MARGIN * float(mean - told[0]),
            ladder=ladder,
            discount_rate=0.05 * place,
        )
        for place, mean in enumerate(told[1:], 1)
    )


def logged(law: World, n_rows: int, number: int) -> Log:
    """Give a log in which chance decided."""
    rng = np.random.default_rng([SEED, 3, number, n_rows])
    context, n_treatments = rng.standard_normal((n_rows, N_FEATURES)), len(law.sizes)
    chances = np.array([NONE_RATE, *[(1 - NONE_RATE) / n_treatments] * n_treatments])
    action = rng.choice(n_treatments + 1, n_rows, p=chances)
    ordered = rng.random(n_rows) < law.chances(context)[np.arange(n_rows), action]
    logging = np.broadcast_to(chances, (n_rows, n_treatments + 1))
    return Log(context, action, ordered.astype(np.float64), chances[action], logging)


def plan_in(number: int, n_rows: int, kind: Kind, learners: Sequence[Learner] = LEARNERS) -> Plan:
    """Learn, plan and look up the truth in one world."""
    law = world_of(number, kind)
    treatments, log = treatments_of(law), logged(law, n_rows, number)
    began = time.process_time()
    found, floor = (learn_effects(log, treatments, seed=number, learners=each) for each in (learners, (FLOOR,)))
    seconds = time.process_time() - began
    assert isinstance(found, LearnedEffects)
    assert isinstance(floor, LearnedEffects)
    people = np.random.default_rng([SEED, 4, number]).standard_normal((N_TRUTH, N_FEATURES))
    told = law.chances(people)
    gain = (told[:, 1:] - told[:, :1]) * MARGIN - np.array([treatment.cost for treatment in treatments])
    net = np.column_stack([np.zeros(N_TRUTH), gain])
    realised, plain = (float(net[np.arange(N_TRUTH), one.choose(people)].mean()) for one in (found, floor))
    lead = next(one.over_floor for one in found.contenders if one.learner == found.learner)
    over = 0.0 if isinstance(lead, NotEstimable) else lead.low
    return Plan(float(net.max(axis=1).mean()), realised, plain, found.value, found.learner, over, seconds)


def measure(
    n_worlds: int, n_rows: int, kind: Kind = "message", learners: Sequence[Learner] = LEARNERS
) -> TargetingReport:
    """Plan in every world and add up; raise `InvalidInput` for fewer than two, as one has no spread."""
    if n_worlds < 2:
        raise InvalidInput(what="The number of worlds", why="ratios need a spread", remedy="Ask for two or more")
    plans = [plan_in(number, n_rows, kind, learners) for number in range(n_worlds)]
    best, true, floor = (np.array([getattr(one, name) for one in plans]) for name in ("best", "realised", "floor"))
    claims = np.array([one.claimed.estimate for one in plans])
    held = sum(one.claimed.low <= one.realised <= one.claimed.high for one in plans)
    return TargetingReport(
        kind=kind,
        n_worlds=n_worlds,
        n_rows=n_rows,
        realised_share=round(float(true.sum() / best.sum()), 4),
        lowest_share=round(float((true / best).min()), 4),
        floor_share=round(float(floor.sum() / best.sum()), 4),
        n_below_floor=int((true < floor).sum()),
        n_below_nothing=int((true < 0).sum()),
        n_sure=sum(one.claimed.low > 0 for one in plans),
        learners=dict(sorted(Counter(one.learner for one in plans).items())),
        claimed_over_realised=_ratio(claims, true),
        covered=wilson(held, n_worlds),
        seconds=round(float(np.mean([one.seconds for one in plans])), 1),
    )


def _ratio(claims: Floats, trues: Floats) -> Interval:
    """Give the ratio of sums over worlds with its delta-method interval."""
    ratio = float(claims.sum() / trues.sum())
    gaps = claims - ratio * trues
    return normal_interval(ratio, len(gaps) * float(gaps.var(ddof=1)) / float(trues.sum()) ** 2, "delta method")


def words_of(found: TargetingReport) -> str:
    """Say a report in a line."""
    ratio, held = found.claimed_over_realised, found.covered
    misses = found.misses()
    return (
        f"{found.kind}: {found.n_worlds} worlds of {found.n_rows:,} rows: plans bring {found.realised_share:.1%} of "
        f"the best ones (worst {found.lowest_share:.1%}, ridge alone {found.floor_share:.1%}); below the floor in "
        f"{found.n_below_floor}, below nothing in {found.n_below_nothing}, surely above nothing in {found.n_sure}; won "
        f"by {found.learners}; claimed over realised {ratio.estimate:.3f} [{ratio.low:.3f}, {ratio.high:.3f}]; 95 % "
        f"intervals hold {held.estimate:.1%} [{held.low:.1%}, {held.high:.1%}]; {found.seconds:.0f} CPU s a world; "
        f"{'misses: ' + ', '.join(misses) if misses else 'holds'}\n"
    )


def main(words: list[str]) -> int:
    """Print a line per size; give 1 where a goal is missed."""
    parser = argparse.ArgumentParser(prog="eval.targeting", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--worlds", type=int, nargs="+", default=[60, 3], help="Worlds per size.")
    parser.add_argument("--kind", choices=("message", "discounts"), default="message")
    parser.add_argument("--floor", action="store_true", help="Try no boosters.")
    asked, good = parser.parse_args(words), True
    for n_rows, n_worlds in zip(asked.rows, asked.worlds, strict=True):
        found = measure(n_worlds, n_rows, asked.kind, (FLOOR,) if asked.floor else LEARNERS)
        good &= not found.misses()
        sys.stdout.write(words_of(found))
        sys.stdout.flush()
    return int(not good)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
