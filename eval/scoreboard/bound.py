"""An upper bound on what any planner can net in a world with a menu of messages, by Lagrangian relaxation.

Nobody can tell when people will order, but the relaxed planner knows each person's whole path of orders in the crowd
that orders most readily (`ahead`), and three things are relaxed further: frequency caps (only the load of messages
still remembered limits their number), the plan's money, and what offers cost at the till. Each step reaches a person
once and each offer is granted so often only: both are priced by multipliers, and any multipliers above 0 give a bound.
What is left is a dynamic program per person over days and load, whose maximum is exact on a grid that rounds the load
down. The paths are drawn, so the bound holds in expectation: it has the noise of one world.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from eval.gym.catalogue import Flags, Floats, Ints
from eval.gym.effects import FAST_DAYS, LOAD_DAYS, SLOW_DAYS, annoyance, appeal, dulling, law, readiness
from memory.domain.brief import Brief
from memory.domain.cohort import COHORTS
from memory.domain.guardrails import Guardrails

from .ahead import chances, paths, weights
from .crowd import CHANNELS, Crowd
from .living import LOST_PER_LEAVER_MINOR, N_DAYS, withheld
from .options import AWAY_DAYS, Gift, Option, depth_of, right_class
from .policies import barred

N_ROUNDS = 12
"""How often multipliers are improved."""
CAP_DAYS = 7
"""Days of the windows in which caps bound how much lift there can be."""
FIRST_PRICE, FIRST_GAP_DAYS, FIRST_DULL = 0.3, 4, 1.15
"""Where multipliers begin: the share of the weakest step's worth, days between messages, and how dull they are."""
PER_DAY = 3
"""Steps of the load's grid that one day of forgetting goes down."""
_LEAST_LOAD, _MOST_LOAD = 0.3, 9.0
_N_LOADS = int(np.ceil(np.log(_MOST_LOAD / _LEAST_LOAD) * LOAD_DAYS * PER_DAY))
LOADS: Floats = np.concatenate([[0.0], _LEAST_LOAD * np.exp(np.arange(_N_LOADS) / (LOAD_DAYS * PER_DAY))])
"""Messages still remembered; what is below the second entry counts as 0."""


class Asked(NamedTuple):
    """What may be sent, and under which limits."""

    menu: tuple[Option, ...]
    """Every message a planner could put into a plan."""
    gifts: dict[str, Gift]
    """How often each offer may be granted."""
    brief: Brief
    """Markets it excludes."""
    guardrails: Guardrails
    """Caps and the pause after an order."""
    holdout_rate: float
    """Who cannot be messaged."""


class _Kinds(NamedTuple):
    """One cohort's messages of a class; (o) options, (n) people."""

    steps: Ints
    """(o): position of the option's step among the cohort's."""
    offers: Ints
    """(o): position of its offer among the limited ones; -1 for none."""
    worth: Floats
    """(days, n, o): what an undulled message brings, in euro cents; -inf where it may not go."""
    cost: Floats
    """(n, o): sending, and the charge for those it drives away."""


@dataclass
class _Group:
    """One cohort."""

    kinds: tuple[_Kinds, _Kinds]
    """Service and promotion: at most one of each goes to a person on a day."""
    price: Floats
    """(n, steps): multiplier of each step."""


def net_bound(asked: Asked, crowd: Crowd, *, n_rounds: int = N_ROUNDS) -> float:
    """Give what no planner's expected net exceeds, in euro cents, up to the noise of the paths drawn."""
    who = crowd.members[~withheld(crowd, asked.holdout_rate)[crowd.members]]
    offers = sorted({option.offer_id for option in asked.menu if _limit(asked, option.offer_id) < len(who)})
    found = (_group(asked, crowd, who[crowd.cohort[who] == at], at, offers) for at in range(len(COHORTS)))
    groups = [group for group in found if group is not None]
    limits = np.array([_limit(asked, offer) for offer in offers], dtype=np.float64)
    scale = np.array([max((_typical(group, at) for group in groups), default=0.0) for at in range(len(offers))])
    prices, best = FIRST_PRICE * scale, np.inf
    for number in range(n_rounds):
        granted, total = np.zeros(len(offers)), float(prices @ limits)
        for group in groups:
            values, used = _best(group, prices)
            total += float(values.sum())
            for kinds, counts in zip(group.kinds, used, strict=True):
                limited = kinds.offers >= 0
                np.add.at(granted, kinds.offers[limited], counts.sum(axis=0)[limited])
            _reprice(group, values, used, 0.08 * 0.95**number)
        best = min(best, total)
        beyond = np.clip(granted / np.maximum(limits, 1.0) - 1.0, -1.0, 1.0)
        prices = np.maximum(prices + scale * beyond * 0.25 / (1.0 + 0.2 * number), 0.0)
    return best


def most_lift(strength: Floats, is_slow: Flags, caps: tuple[int, int]) -> Floats:
    """Give per (day, person) the most lift there can be; `strength` is (n, steps), `caps` promotion and service.

    The lesser of two bounds: in any seven days at most so many of a class are sent, so that not all of the strongest
    can be fresh; and however often the strongest of each class were sent, each would dull the next.
    """
    capped, tops = np.zeros((N_DAYS, len(strength))), []
    for slow, cap, fade in ((True, caps[1], SLOW_DAYS), (False, caps[0], FAST_DAYS)):
        own = -np.sort(-strength[:, is_slow == slow], axis=1)
        tops.append(own[:, :1] if own.shape[1] else np.zeros((len(own), 1)))
        for place in range(own.shape[1]):
            days = CAP_DAYS * (place // cap)
            capped[days + 1 :] += own[:, place] * np.exp(-days / fade)
    dulled, value = np.zeros_like(capped), np.zeros((len(strength), len(LOADS)))
    for age in range(N_DAYS - 1):
        slow_one, fast_one = tops[0] * np.exp(-age / SLOW_DAYS), tops[1] * np.exp(-age / FAST_DAYS)
        none, after, both = (value[:, _NEXT[k]] for k in range(3))
        single, double = dulling(LOADS + 1), dulling(LOADS + 2)
        value = np.maximum.reduce(
            [none, np.maximum(slow_one, fast_one) / single + after, (slow_one + fast_one) / double + both]
        )
        dulled[age + 1] = value[:, 0]
    return np.minimum(capped, dulled)


def _group(asked: Asked, crowd: Crowd, who: Ints, cohort: int, offers: Sequence[str]) -> _Group | None:
    own = [option for option in asked.menu if option.cohort == cohort]
    if not own or not len(who):
        return None
    names = sorted({option.step for option in own})
    ready = readiness(crowd.people, who)
    effects = (
        ready * law(one.kind, CHANNELS[one.channel], COHORTS[cohort])
        * appeal(crowd.people, who, depth_of(asked.gifts.get(one.offer_id)))
        for one in own
    )  # fmt: skip
    strength = np.stack(list(effects), axis=1)
    may = [crowd.allows[who, one.channel] & ~barred(asked.brief, one, who, crowd) for one in own]
    strength = np.where(np.stack(may, axis=1), strength, 0.0)
    steps = np.array([names.index(option.step) for option in own], dtype=int)
    each = np.stack([strength[:, steps == at].max(axis=1) for at in range(len(names))], axis=1)
    is_slow = np.array([any(o.step == name and _is_slow(o) for o in own) for name in names])
    of = chances(crowd, who)
    lift = most_lift(each, is_slow, _caps(asked.guardrails))
    states = paths(of, lift, crowd.start.seed)
    since = crowd.start.day - crowd.start.last_day[who]
    leaving = LOST_PER_LEAVER_MINOR * annoyance(crowd.people, who, np.ones(len(who)))
    kinds = []
    for slow, fade in ((True, SLOW_DAYS), (False, FAST_DAYS)):
        reach, mine = weights(of, lift, fade), [at for at, one in enumerate(own) if _is_slow(one) == slow]
        ahead = {
            pause: _along(reach, states, since, pause) for pause in {_pause(own[at], asked.guardrails) for at in mine}
        }
        worth = [ahead[_pause(own[at], asked.guardrails)] * strength[:, at] * crowd.margin[who] for at in mine]
        kinds.append(
            _Kinds(
                steps[mine],
                np.array(
                    [offers.index(own[at].offer_id) if own[at].offer_id in offers else -1 for at in mine], dtype=int
                ),
                np.stack(worth, axis=2) if worth else np.zeros((N_DAYS, len(who), 0)),
                leaving[:, None] + np.array([own[at].cost_minor for at in mine]),
            )
        )
    price = np.zeros((len(who), len(names)))
    for one in kinds:
        if one.steps.size:
            _first_prices(one, price)
    return _Group((kinds[0], kinds[1]), price)


def _first_prices(kinds: _Kinds, price: Floats) -> None:
    """Price steps as if one went out every few days, the strongest when it is worth most: where multipliers begin."""
    most, brings, own = np.zeros_like(price), kinds.worth.max(axis=0), np.unique(kinds.steps)
    for step in own:
        most[:, step] = brings[:, kinds.steps == step].max(axis=1)
    order = own[np.argsort(-most[:, own], axis=1)]
    best = np.take_along_axis(most, order, axis=1)
    day = kinds.worth.max(axis=2).T
    slots = -np.sort(-day[:, ::FIRST_GAP_DAYS], axis=1) / np.maximum(day.max(axis=1, keepdims=True), 1e-9)
    slots = slots[:, np.minimum(np.arange(len(own)), slots.shape[1] - 1)] / FIRST_DULL
    apart = best - np.concatenate([best[:, 1:], (1.0 - FIRST_PRICE) * best[:, -1:]], axis=1)
    of = np.flip(np.cumsum(np.flip(apart * slots, axis=1), axis=1), axis=1)
    np.put_along_axis(price, order, np.maximum(of, 0.0), axis=1)


def _along(reach: Floats, states: Ints, since: Ints, pause: int) -> Floats:
    """Give per (day, person) the weight in the state of the path, or in one older than the pause; 0 where none is.

    A message that must wait so many days after an order is sent in no younger state; weights never rise with age.
    """
    state = np.maximum(states, min(pause, N_DAYS - 1))
    found: Floats = np.take_along_axis(reach, state[:, :, None], axis=2)[:, :, 0]
    day = np.arange(N_DAYS)[:, None]
    waits: Floats = np.where((since[None, :] + day > pause) | (pause == 0), found, 0.0)
    return waits


def _best(group: _Group, prices: Floats) -> tuple[Floats, list[Floats]]:
    """Give each person's best value at these prices, steps' prices included, and how often each (n, o) is used."""
    costs = [_priced(kinds, group.price, prices) for kinds in group.kinds]
    value, choices = np.zeros((len(group.price), len(LOADS))), []
    for day in reversed(range(N_DAYS)):
        one, two = (
            [_top(kinds.worth[day], cost, _DULL[k]) for kinds, cost in zip(group.kinds, costs, strict=True)]
            for k in (1, 2)
        )
        none, after, both = (value[:, _NEXT[k]] for k in range(3))
        stacked = np.stack([none, one[0] + after, one[1] + after, two[0] + two[1] + both])
        choices.append(stacked.argmax(axis=0).astype(np.int8))
        value = stacked.max(axis=0)
    return value[:, 0] + group.price.sum(axis=1), _used(group, costs, choices[::-1])


def _priced(kinds: _Kinds, of_steps: Floats, of_offers: Floats) -> Floats:
    granted: Floats = np.append(of_offers, 0.0)[kinds.offers]
    priced: Floats = kinds.cost + of_steps[:, kinds.steps] + granted
    return priced


def _top(worth: Floats, cost: Floats, dull: tuple[Floats, Ints]) -> Floats:
    """Give (n, loads) the best message's worth less its price at each load."""
    divisors, places = dull
    each: Floats = (worth[:, None, :] / divisors[None, :, None] - cost[:, None, :]).max(axis=2, initial=-np.inf)
    return each[:, places]


def _used(group: _Group, costs: list[Floats], choices: list[np.ndarray]) -> list[Floats]:
    """Follow the best choices from no load on the first day; give how often each message (n, o) is sent."""
    n = len(group.price)
    rows, load = np.arange(n), np.zeros(n, dtype=np.int64)
    used = [np.zeros_like(cost) for cost in costs]
    for day, choice in enumerate(choices):
        action = choice[rows, load]
        count = np.where(action == 3, 2, (action > 0).astype(np.int64))
        divisor = dulling(LOADS[load] + count)
        for at, (kinds, cost) in enumerate(zip(group.kinds, costs, strict=True)):
            sends = (action == 3) | (action == at + 1)
            if not sends.any():
                continue
            best = (kinds.worth[day] / divisor[:, None] - cost).argmax(axis=1)
            used[at][rows[sends], best[sends]] += 1.0
        load = np.stack(_NEXT)[count, load]
    return used


def _reprice(group: _Group, values: Floats, used: list[Floats], step: float) -> None:
    """Make steps dearer that were sent more than once, and cheaper that were not sent (Polyak's step length)."""
    times = np.zeros_like(group.price)
    for kinds, counts in zip(group.kinds, used, strict=True):
        times += counts @ (kinds.steps[:, None] == np.arange(times.shape[1]))
    beyond = np.where((group.price <= 0.0) & (times < 1.0), 0.0, times - 1.0)
    length = step * values / np.maximum((beyond**2).sum(axis=1), 1.0)
    group.price = np.maximum(group.price + length[:, None] * beyond, 0.0)


def _typical(group: _Group, offer: int) -> float:
    """Give what a message with a limited offer may bring to a person of the group; 0 where it has none."""
    found = [
        float(kinds.worth[:, :, at].max(axis=0).mean())
        for kinds in group.kinds
        for at in np.flatnonzero(kinds.offers == offer)
    ]
    return max(found, default=0.0)


def _limit(asked: Asked, offer_id: str) -> int:
    gift = asked.gifts.get(offer_id)
    return 10**9 if gift is None else gift.max_granted


def _is_slow(option: Option) -> bool:
    return right_class(option.kind) == "service"


def _pause(option: Option, guardrails: Guardrails) -> int:
    pause = guardrails.recent_buyer_days if option.message_class == "promotional" else 0
    return max(pause, AWAY_DAYS if option.only_away else 0)


def _caps(guardrails: Guardrails) -> tuple[int, int]:
    """Give how many promotional and service messages at most go out in seven days."""

    def least(name: str) -> int:
        own = [one.max_messages for one in guardrails.frequency_caps
               if one.message_class == name and one.window_days >= CAP_DAYS]  # fmt: skip
        return max(min(own, default=CAP_DAYS), 1)

    return least("promotional"), least("service")


def _next(count: int) -> Ints:
    """Give per load its place on the next day after so many messages, rounded down."""
    places = np.searchsorted(LOADS, (LOADS + count) * np.exp(-1 / LOAD_DAYS), side="right") - 1
    return np.where(count == 0, np.maximum(np.arange(len(LOADS)) - PER_DAY, 0), places)


def _dull(count: int) -> tuple[Floats, Ints]:
    """Give the different divisors of a message's effect, and which of them holds at each load."""
    divisors, places = np.unique(dulling(LOADS + count), return_inverse=True)
    return divisors, places


_NEXT = tuple(_next(count) for count in range(3))
_DULL = tuple(_dull(count) for count in range(3))
