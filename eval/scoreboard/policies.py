"""Whom each message of a plan goes to: the product's own rule, chance, everybody, and one that knows the effects."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from agent.planning.context import PlanContext
from eval.gym.behaviour import MOST_DEPTH, SOON, SOON_DAYS
from eval.gym.catalogue import Floats, Ints
from eval.gym.effects import FAST_DAYS, SLOW_DAYS, annoyance, appeal, dulling, law, readiness
from eval.gym.lanes import CARE
from eval.gym.places import PLACES
from eval.gym.reactions import USES
from memory.domain.brief import Brief
from memory.domain.cohort import COHORTS
from tools.priors.effects import load_effects

from .crowd import CHANNELS, Crowd
from .living import LOST_PER_LEAVER_MINOR, N_DAYS
from .options import Gift, Option, depth_of
from .state import State


@dataclass(frozen=True)
class Silent:
    """Sends nothing."""

    def options(self, day: int) -> tuple[Option, ...]:
        """Give nothing."""
        return ()

    def values(self, option: Option, who: Ints, state: State) -> Floats:
        """Give nothing worth sending."""
        return np.zeros(len(who))


@dataclass(frozen=True)
class Planned:
    """The product's own choice over a plan's steps: its effects, the same for everybody of a cohort."""

    steps: tuple[Option, ...]
    context: PlanContext
    brief: Brief
    effects: Mapping[tuple[str, str], float] = field(default_factory=dict)
    """Effects that the plan carries as measured, by cohort and kind."""

    def options(self, day: int) -> tuple[Option, ...]:
        """Give the steps due on the day."""
        return tuple(option for option in self.steps if option.day == day)

    def values(self, option: Option, who: Ints, state: State) -> Floats:
        """Give assumed margin less cost; service is worth at least what it costs, as `agent.tick` has it."""
        cohort = COHORTS[option.cohort]
        mean = self.effects.get((cohort, option.kind))
        if mean is None:
            mean = load_effects().get(cohort, option.kind).mean  # type: ignore[arg-type]
        basket = self.context.cohort(cohort).median_basket_minor
        value = mean * basket * (self.context.margin_rate or 0.0) - option.planned_minor
        if option.message_class != "promotional":
            value = max(value, 0.001)
        return np.where(barred(self.brief, option, who, state.crowd), -np.inf, value)


@dataclass(frozen=True)
class Chance(Planned):
    """Every step of the plan, every channel: a coin per person."""

    def values(self, option: Option, who: Ints, state: State) -> Floats:
        """Give a number around 0 per person."""
        key = [state.crowd.start.seed, 34, state.day, option.channel, sum(map(ord, option.step))]
        draw = np.random.default_rng(key).random(state.crowd.people.n)[who] - 0.5
        return np.where(barred(self.brief, option, who, state.crowd), -np.inf, draw)


@dataclass(frozen=True)
class Everything:
    """Every message of the menu to everybody, as soon as caps and pauses allow, whatever it costs."""

    menu: tuple[Option, ...]
    brief: Brief

    def options(self, day: int) -> tuple[Option, ...]:
        """Give the whole menu, every day."""
        return self.menu

    def values(self, option: Option, who: Ints, state: State) -> Floats:
        """Give the same for all: the first in order is sent first."""
        return np.where(barred(self.brief, option, who, state.crowd), -np.inf, 1.0)


@dataclass(frozen=True)
class Knowing:
    """Knows every person's true effect and sends what is worth most, with some days between messages.

    A message's value is its added chance over the days that are left, at the person's margin, less sending, what its
    offer will cost, and the charge for those it drives away. An order's effect on later orders is left out.
    """

    menu: tuple[Option, ...]
    gifts: dict[str, Gift]
    brief: Brief
    gap_days: int = 2
    """Days between two messages to one person; every so many days something may be sent."""
    money_price: float = 0.0
    """How much dearer money counts than it is; above 0 where the budget is short."""

    def options(self, day: int) -> tuple[Option, ...]:
        """Give the whole menu on every day on which something may be sent."""
        return self.menu if day % self.gap_days == 0 else ()

    def values(self, option: Option, who: Ints, state: State) -> Floats:
        """Give what sending the option now adds, in euro cents."""
        worth = worth_now(option, who, state, self.gifts) - self.money_price * option.planned_minor
        recent = sum(state.recent(name, self.gap_days)[who] for name in ("service", "promotional"))
        return np.where((recent > 0) | barred(self.brief, option, who, state.crowd), -np.inf, worth)


def barred(brief: Brief, option: Option, who: Ints, crowd: Crowd) -> np.ndarray:
    """Say whose market the brief excludes from the option's channel."""
    if not brief.excluded:
        return np.zeros(len(who), dtype=np.bool_)
    shut = [k for k, row in enumerate(PLACES) if (row.country, CHANNELS[option.channel]) in brief.excluded]
    found: np.ndarray = np.isin(crowd.people.place[who], shut)
    return found


def worth_now(option: Option, who: Ints, state: State, gifts: dict[str, Gift]) -> Floats:
    """Give the true expected margin of sending an option today, less everything it costs, in euro cents."""
    crowd, people = state.crowd, state.crowd.people
    load = state.load[who] + 1.0
    strength = law(option.kind, CHANNELS[option.channel], COHORTS[option.cohort]) * readiness(people, who)
    gift = gifts.get(option.offer_id)
    strength = strength * appeal(people, who, depth_of(gift)) / dulling(load)
    fade = SLOW_DAYS if option.message_class == "service" else FAST_DAYS
    added = strength * chances_ahead(who, state, fade)
    leaving = LOST_PER_LEAVER_MINOR * annoyance(people, who, load)
    cost = option.cost_minor + leaving
    if gift is not None:
        buys = 1.0 - np.exp(-1.5 * chances_ahead(who, state, 1e9))
        cost = cost + buys * USES * _till(gift, who, crowd)
    worth: Floats = added * crowd.margin[who] - cost
    return worth


def chances_ahead(who: Ints, state: State, fade_days: float) -> Floats:
    """Give the sum of each person's daily chances of an order from tomorrow on, each day counting less by `fade_days`.

    Fading sums over season and shelves of the ordinary chance and of its rise after the last order.
    """
    name = f"ahead {fade_days}"
    if name not in state.memo:
        state.memo[name] = _ahead(state, fade_days)
    return state.memo[name][who]


def _ahead(state: State, fade_days: float) -> Floats:
    start, people = state.crowd.start, state.crowd.people
    tide = start.tide(range(state.day + 1, max(N_DAYS, state.day + 1)))
    since, later = start.day + state.day + 1 - state.last, np.arange(len(tide))
    base = people.rate * CARE[state.parcel]
    base = base * np.where(state.last == start.last_day, 1.0 - np.minimum(start.depth, MOST_DEPTH), 1.0)
    fade, rise = np.exp(-later / fade_days), np.exp(-later * (1 / fade_days + 1 / SOON_DAYS))
    usual, raised = ((weight @ tide)[people.taste] for weight in (fade, rise))
    total: Floats = base * (usual + SOON * np.exp(-since / SOON_DAYS) * raised)
    return total


def _till(gift: Gift, who: Ints, crowd: Crowd) -> Floats:
    terms = gift.terms
    if terms is None or not (terms.rate or terms.fixed_minor):
        return np.full(len(who), float(gift.per_use_minor))
    off: Floats = np.minimum(crowd.basket[who] * terms.rate + terms.fixed_minor, crowd.basket[who])
    return off
