"""`python -m eval.learning`: what a plan earns after three cycles of plan, ninety days, measure and learn.

One shop of known effects per seed (`eval.scoreboard`). Each cycle lives through a season of its own: the same people,
another chance, another control group. What a cycle measured, the difference between treated and withheld people, is
all the next planner reads. Then the first plan and the last one live through the same seasons that nobody learned
from, and the difference is read in pairs.
"""

import argparse
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time
from time import process_time
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from agent.learning.lessons import Reading, Sent, lesson_of, steps_of
from agent.planning.context import PlanContext
from agent.planning.playbook import PlaybookPlanner
from memory.domain.base import Count, Frozen
from memory.domain.brief import Brief
from memory.domain.cohort import COHORTS
from memory.domain.experiment import ArmSums, Estimate, Interval
from memory.domain.lesson import Lesson, LessonScope
from memory.domain.plan import Plan
from tools.experiments.intervals import Mean, mean_interval, scaled, share_difference, wilson
from tools.experiments.orders import added_orders
from tools.outcomes.window import outcome_window

from .gym import effects
from .gym.behaviour import NEVER
from .gym.catalogue import Flags
from .scoreboard.context import context_of
from .scoreboard.crowd import Crowd, make_crowd
from .scoreboard.living import Lived, withheld
from .scoreboard.planners import as_planned
from .scoreboard.scoring import live_plan

SEED = 20251202
N_CYCLES, N_FRESH = 3, 2
"""Cycles that are learned from, and seasons that nobody learned from."""
HOLDOUT_RATE = 0.2
SEASON_STEP = 7_919
"""Seeds of two seasons of a shop are so far apart."""
FRESH_FROM = 1_001
"""Number of the first season that nobody learned from."""


class Judged(Frozen):
    """One plan in the seasons that nobody learned from, money in euro cents."""

    net_minor: float
    """Incremental margin less sends, offers and the charge for unsubscribes, mean over the seasons."""
    claimed_orders: float
    """Added orders the plan forecasts."""
    low_orders: float
    """Lower end of its 90 % range."""
    high_orders: float
    """Upper end."""
    true_orders: float
    """Added orders it truly brought, mean over the seasons."""


class Shop(Frozen):
    """What one shop's cycles came to."""

    seed: int
    """The shop."""
    n_lessons: tuple[Count, ...]
    """Lessons known when each plan was drafted."""
    plans: tuple[Judged, ...]
    """The plans by how many cycles had been learned from: none, one, and so on."""


class LearningReport(Frozen):
    """What learning changed, over all shops."""

    n_shops: Count
    """Shops."""
    n_customers: Count
    """People per shop."""
    net_minor: tuple[float, ...]
    """Mean net per plan, by cycles learned from, in euro cents."""
    gain_rate: Interval
    """Net of the last plan over that of the first, less one, in pairs over shops."""
    wins: Interval
    """Share of shops in which the last plan nets more, with Wilson's interval."""
    claimed_over_true: tuple[Interval, ...]
    """Forecast over true added orders per plan, pooled over shops."""
    covered: tuple[float, ...]
    """Share of shops in which the forecast's 90 % range holds the true added orders, per plan."""

    @property
    def beats(self) -> bool:
        """Whether the last plan earns more and the interval says so."""
        return self.gain_rate.low > 0


class Season(NamedTuple):
    """One season lived under one plan."""

    crowd: Crowd
    lived: Lived


def measure(seeds: Iterable[int], n_customers: int, n_cycles: int = N_CYCLES, n_fresh: int = N_FRESH) -> LearningReport:
    """Let every shop learn for some cycles, and judge its plans."""
    shops = [shop(seed, n_customers, n_cycles, n_fresh) for seed in seeds]
    nets = np.array([[plan.net_minor for plan in one.plans] for one in shops])
    claims = np.array([[plan.claimed_orders for plan in one.plans] for one in shops])
    trues = np.array([[plan.true_orders for plan in one.plans] for one in shops])
    holds = [[plan.low_orders <= plan.true_orders <= plan.high_orders for plan in one.plans] for one in shops]
    return LearningReport(
        n_shops=len(shops),
        n_customers=n_customers,
        net_minor=tuple(nets.mean(axis=0).round().tolist()),
        gain_rate=gain(nets[:, 0], nets[:, -1]),
        wins=wilson(int((nets[:, -1] > nets[:, 0]).sum()), len(shops)),
        claimed_over_true=tuple(ratio(claims[:, plan], trues[:, plan]) for plan in range(n_cycles + 1)),
        covered=tuple(np.mean(holds, axis=0).round(3).tolist()),
    )


def gain(first: np.ndarray, last: np.ndarray) -> Interval:
    """Give last over first, less one, with its interval over shops in pairs."""
    found = ratio(last, first)
    ends = {name: getattr(found, name) - 1 for name in ("estimate", "low", "high")}
    return found.model_copy(update=ends)


def ratio(above: np.ndarray, below: np.ndarray) -> Interval:
    """Give the ratio of sums with the t interval over shops of its linearised form (delta method)."""
    value = float(above.sum() / below.sum())
    gaps = (above - value * below) / below.mean()
    mean = mean_interval(Mean(len(gaps), float(gaps.sum()), float((gaps**2).sum())))
    return Interval(
        estimate=value, low=value + mean.low, high=value + mean.high, method="delta method over shops, Student's t"
    )


def shop(seed: int, n_customers: int, n_cycles: int, n_fresh: int) -> Shop:
    """Draft, live, measure and learn for some cycles, then judge every plan in seasons nobody learned from."""
    crowd = make_crowd(seed, n_customers)
    context, plans, known = context_of(crowd), [], []
    lessons: tuple[Lesson, ...] = ()
    for cycle in range(n_cycles + 1):
        context = context.model_copy(update={"lessons": lessons, "data_version": cycle + 1})
        plans.append(_draft(context))
        known.append(len(lessons))
        if cycle < n_cycles:
            lessons += lessons_of(plans[-1], _season(crowd, cycle + 1, plans[-1], context), cycle + 1)
    judged = []
    for plan in plans:
        seasons = [_season(crowd, FRESH_FROM + number, plan, context).lived for number in range(n_fresh)]
        judged.append(_judged(plan, seasons))
    return Shop(seed=seed, n_lessons=tuple(known), plans=tuple(judged))


def lessons_of(plan: Plan, season: Season, version: int) -> tuple[Lesson, ...]:
    """Give what a lived season taught: the plan and each cohort, as the lift report reads them."""
    sent, control = _sent(season.lived), withheld(season.crowd, plan.holdout.rate)
    window = outcome_window(plan, datetime.combine(plan.anchor_on, time(), ZoneInfo(plan.zone)))
    made = []
    for place, cohort in ((-1, ""), *enumerate(COHORTS)):
        mine = season.crowd.cohort == place if cohort else season.crowd.cohort >= 0
        orders, rpr, sizes = _read(season.lived, mine, control)
        scope: LessonScope = "cohort" if cohort else "plan"
        reading = Reading(scope, cohort, orders, rpr, *sizes, steps_of(plan, cohort=cohort), sizes[0])
        lesson = lesson_of(plan, reading, sent, window, version)
        if lesson is not None:
            made.append(lesson)
    return tuple(made)


def _draft(context: PlanContext) -> Plan:
    made = PlaybookPlanner().plan(Brief(holdout_rate=HOLDOUT_RATE), context)
    assert isinstance(made, Plan), made
    return made


def _season(crowd: Crowd, number: int, plan: Plan, context: PlanContext) -> Season:
    """Live through a season: the same people and goods, chance and control group of the season's own."""
    seed = crowd.start.seed + SEASON_STEP * number
    here = replace(crowd, start=crowd.start._replace(seed=seed))
    return Season(here, live_plan(as_planned(plan, plan.brief, context), plan, 0, here, context))


def _sent(lived: Lived) -> Sent:
    rows = lived.by_cell.group_by("step").aggregate([("n", "sum")])
    return dict(zip(rows["step"].to_pylist(), rows["n_sum"].to_pylist(), strict=True))


def _read(lived: Lived, mine: Flags, control: Flags) -> tuple[Estimate, Estimate, tuple[int, int]]:
    """Give added orders per person, the repeat rate in points, and the sizes of both arms."""
    arms = [_sums(lived, mine & own) for own in (~control, control)]
    (left, right), orders = arms, added_orders(*arms)
    points: Estimate = scaled(share_difference(left.n_repeat, left.n_people, right.n_repeat, right.n_people), 100)
    return orders, points, (left.n_people, right.n_people)


def _sums(lived: Lived, who: Flags) -> ArmSums:
    orders = lived.n_orders[who]
    return ArmSums(
        arm="treated", n_people=int(who.sum()), n_repeat=int((lived.first_with[who] != NEVER).sum()),
        n_orders=int(orders.sum()), orders_squared=float((orders**2).sum()), revenue_minor=0, revenue_squared=0.0,
    )  # fmt: skip


def _judged(plan: Plan, seasons: list[Lived]) -> Judged:
    true = float(np.mean([one.n_orders_with - one.n_orders_without for one in seasons]))
    return Judged(
        net_minor=float(np.mean([one.net_minor for one in seasons])),
        claimed_orders=plan.forecast.incremental_orders,
        low_orders=plan.forecast.low,
        high_orders=plan.forecast.high,
        true_orders=true,
    )


def main(words: list[str]) -> int:
    """Print what learning changed; 1 where the last plan does not beat the first."""
    parser = argparse.ArgumentParser(prog="eval.learning", description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--customers", type=int, default=60_000)
    parser.add_argument("--cycles", type=int, default=N_CYCLES)
    parser.add_argument("--strength", type=float, default=effects.STRENGTH, help="How strong the true laws are.")
    asked, began = parser.parse_args(words), process_time()
    effects.STRENGTH = asked.strength
    found = measure(range(SEED, SEED + asked.seeds), asked.customers, asked.cycles)
    sys.stdout.write(
        f"{found.n_shops} shops of {found.n_customers:,} people, {N_FRESH} seasons nobody learned from, "
        f"laws of strength {asked.strength}\n"
    )
    rows = zip(found.net_minor, found.claimed_over_true, found.covered, strict=True)
    for cycles, (net, claimed, covered) in enumerate(rows):
        sys.stdout.write(
            f"after {cycles} cycles: nets {net / 100:,.2f} EUR, forecast over true added orders {claimed.estimate:.2f} "
            f"[{claimed.low:.2f}, {claimed.high:.2f}], 90 % range holds them in {covered:.0%}\n"
        )
    gained, wins = found.gain_rate, found.wins
    sys.stdout.write(
        f"last over first: {gained.estimate:+.1%} [{gained.low:+.1%}, {gained.high:+.1%}], better in "
        f"{wins.estimate:.0%} of shops [{wins.low:.0%}, {wins.high:.0%}]; {process_time() - began:.0f} CPU s\n"
    )
    return 0 if found.beats else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
