"""`python -m eval.allocation`: the same plan with people chosen greedily as before, and by today's allocation.

People are invented, so what each message brings is known. Everything is the same for both but who gets what: the plan,
its values, the people and their reactions, caps, grants and money. A setting's budget is a share of what today's
choice spends with money without end. Both are read as shares of the scoreboard's oracle, which has the plan's money.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from time import process_time
from typing import NamedTuple

import numpy as np

from agent.planning.context import PlanContext
from agent.planning.playbook import PlaybookPlanner
from eval.gym.catalogue import Floats, Ints
from eval.scoreboard.board import FIRST_SEED
from eval.scoreboard.choosing import Chooser, planned_choice
from eval.scoreboard.context import context_of
from eval.scoreboard.crowd import Crowd, make_crowd
from eval.scoreboard.greedy_choice import greedy_choice
from eval.scoreboard.judge import message_violations
from eval.scoreboard.living import Lived, live
from eval.scoreboard.menu import menu_of
from eval.scoreboard.options import Gift, Option, gifts_of, options_of
from eval.scoreboard.policies import Planned, worth_now
from eval.scoreboard.scoring import oracle_net
from eval.scoreboard.state import Policy, State
from memory.domain.base import Count, Frozen
from memory.domain.brief import Brief
from memory.domain.experiment import Interval
from memory.domain.plan import Plan
from tools.allocation import Options

from .learning import ratio

N_CUSTOMERS = 1_500
HOLDOUT_RATE = 0.1
CONTEST_DAYS = (30, 60)
"""When all promotion of a contest falls due together."""
GRANTS_RATE = 0.1
"""Share of a plan's people to whom each offer of a contest may be granted."""
NO_END_MINOR = 10**9
"""A budget that nothing reaches."""


@dataclass(frozen=True)
class Contest(Planned):
    """All promotion there is falls due for everybody on the same days, at the values the product assumes."""

    def options(self, day: int) -> tuple[Option, ...]:
        """Give all of it on the contest's days."""
        return self.steps if day in CONTEST_DAYS else ()


@dataclass(frozen=True)
class KnownContest(Contest):
    """The same at what each message truly brings of each person: how choices differ where values are right."""

    gifts: dict[str, Gift] = field(default_factory=dict)

    def values(self, option: Option, who: Ints, state: State) -> Floats:
        """Give what sending now truly adds, in cents."""
        return worth_now(option, who, state, self.gifts)


class Setting(NamedTuple):
    """One way for money to be short."""

    id: str
    """Its name."""
    policy: str
    """plan (the playbook's steps), contest, or known (a contest at true values)."""
    budget_rate: float
    """Budget as a share of what today's choice spends with money without end."""


SETTINGS = (
    Setting("plan, money for all", "plan", 2.0),
    Setting("plan, half the money", "plan", 0.5),
    Setting("plan, a tenth", "plan", 0.1),
    Setting("contest, half the money", "contest", 0.5),
    Setting("contest, a tenth", "contest", 0.1),
    Setting("contest of true values, half", "known", 0.5),
    Setting("contest of true values, a tenth", "known", 0.1),
)
"""From nothing short to money, grants and caps short together."""


class Pair(Frozen):
    """One setting in one world, in cents."""

    seed: int
    """The world."""
    oracle_minor: float
    """What the scoreboard's oracle nets with the plan's money."""
    before_minor: float
    """What the greedy choice nets."""
    now_minor: float
    """What today's allocation nets."""
    n_short: Count
    """Days on which one more cent would have returned something under today's choice."""
    n_violations: Count
    """Messages of both that break a rule by the second checker."""


class Compared(Frozen):
    """One setting over all worlds."""

    setting: str
    """Which."""
    pairs: tuple[Pair, ...]
    """One per seed."""
    before: Interval
    """Greedy choice: sum of nets over the sum of the oracle's."""
    now: Interval
    """Today's allocation: the same."""
    gain: Interval
    """Now less before, over the oracle's, paired by world."""
    relative: Interval
    """Now over before, paired by world."""


@dataclass(frozen=True)
class World:
    """What both choose in."""

    crowd: Crowd
    context: PlanContext
    plan: Plan
    menu: tuple[Option, ...]
    gifts: dict[str, Gift]
    oracle_minor: float

    def policy(self, name: str) -> tuple[Policy, dict[str, Gift]]:
        """Give what is sent when, at which values, and the offers with their grants."""
        brief = self.plan.brief
        if name == "plan":
            return Planned(options_of(self.plan), self.context, brief), gifts_of(self.plan)
        n = max(int(GRANTS_RATE * len(self.crowd.members)), 1)
        gifts = {key: gift._replace(max_granted=min(n, gift.max_granted)) for key, gift in self.gifts.items()}
        steps = tuple(one for one in self.menu if one.message_class == "promotional")
        if name == "contest":
            return Contest(steps, self.context, brief), gifts
        return KnownContest(steps, self.context, brief, gifts=gifts), gifts

    def lived(self, policy: Policy, gifts: dict[str, Gift], budget_minor: int, chooser: Chooser) -> Lived:
        """Live through ninety days."""
        rails = self.context.guardrails
        return live(
            self.crowd, policy, gifts, rails, holdout_rate=HOLDOUT_RATE, budget_minor=budget_minor, chooser=chooser
        )  # fmt: skip


def world_of(seed: int, n_customers: int) -> World:
    """Give the shop of a seed with the playbook's plan and everything else that composes."""
    crowd = make_crowd(seed, n_customers)
    context, brief = context_of(crowd), Brief(holdout_rate=HOLDOUT_RATE)
    plan = PlaybookPlanner().plan(brief, context)
    assert isinstance(plan, Plan), plan
    return World(crowd, context, plan, *menu_of(plan, brief, context), oracle_net(brief, crowd, context))


class Now:
    """Today's choice (`tools.allocation.choose`), with what it spends and how often money binds."""

    def __init__(self) -> None:
        """Count for one run."""
        self.spent_millis, self.n_short = 0, 0

    def __call__(self, options: Options, budget_millis: int) -> Ints:
        """Choose; a day on which one more cent would return anything counts as short."""
        choice = planned_choice(options, budget_millis)
        self.spent_millis += int(options.cost_millis[choice.option[choice.option >= 0]].sum())
        self.n_short += choice.money_price > 0
        return choice.option


def spent_freely(world: World, name: str) -> int:
    """Give what today's choice spends with money without end, in thousandths of a cent."""
    free = Now()
    world.lived(*world.policy(name), NO_END_MINOR, free)
    return free.spent_millis


def compare(world: World, setting: Setting, free_millis: int) -> Pair:
    """Live through one setting with both choices."""
    policy, gifts = world.policy(setting.policy)
    budget = int(setting.budget_rate * free_millis / 1000)
    now = Now()
    runs = [world.lived(policy, gifts, budget, each) for each in (greedy_choice, now)]
    broken = [message_violations(run.by_cell, world.plan, world.context).n_messages for run in runs]
    return Pair(
        seed=world.crowd.start.seed,
        oracle_minor=round(world.oracle_minor, 2),
        before_minor=round(runs[0].net_minor, 2),
        now_minor=round(runs[1].net_minor, 2),
        n_short=now.n_short,
        n_violations=sum(broken),
    )


def measure(seeds: Iterable[int], n_customers: int, settings: Sequence[Setting] = SETTINGS) -> tuple[Compared, ...]:
    """Compare both choices in every setting over the worlds of these seeds; needs two or more."""
    worlds = [world_of(seed, n_customers) for seed in seeds]
    free = {name: [spent_freely(world, name) for world in worlds] for name in {one.policy for one in settings}}
    return tuple(
        _compared(one, [compare(world, one, spent) for world, spent in zip(worlds, free[one.policy], strict=True)])
        for one in settings
    )


def _compared(setting: Setting, pairs: list[Pair]) -> Compared:
    oracle, before, now = (
        np.array([getattr(one, f"{name}_minor") for one in pairs]) for name in ("oracle", "before", "now")
    )
    return Compared(
        setting=setting.id, pairs=tuple(pairs), before=ratio(before, oracle), now=ratio(now, oracle),
        gain=ratio(now - before, oracle), relative=ratio(now, before),
    )  # fmt: skip


def main(words: list[str]) -> int:
    """Print a line per setting; 1 where any message broke a rule."""
    parser = argparse.ArgumentParser(prog="eval.allocation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--customers", type=int, default=N_CUSTOMERS)
    asked, began = parser.parse_args(words), process_time()
    found = measure(range(FIRST_SEED, FIRST_SEED + asked.seeds), asked.customers)
    sys.stdout.write(
        "| setting | greedy | now | now less greedy | now over greedy | days short |\n|---|---|---|---|---|---|\n"
    )
    for one in found:
        short = sum(pair.n_short for pair in one.pairs) / len(one.pairs)
        gain = f"{one.gain.estimate:+.3f} [{one.gain.low:+.3f}, {one.gain.high:+.3f}]"
        times = f"{one.relative.estimate:.2f} [{one.relative.low:.2f}, {one.relative.high:.2f}]"
        shares = f"{one.before.estimate:.3f} | {one.now.estimate:.3f} | {gain} | {times}"
        sys.stdout.write(f"| {one.setting} | {shares} | {short:.1f} |\n")
    n_broken = sum(pair.n_violations for one in found for pair in one.pairs)
    sys.stdout.write(f"{n_broken} messages broke a rule; {process_time() - began:.0f} CPU s\n")
    return int(n_broken > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
