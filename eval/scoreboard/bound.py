"""An upper bound on what any planner can net in a world with a menu of messages, by Lagrangian relaxation.

The relaxed planner knows everything about people but when they will order. Relaxed are frequency caps (only the load
of messages still remembered limits their number), the plan's money, what offers cost at the till, and how messages
move people between states (`ahead`). Each step reaches a person once and each offer is granted so often only: both
are priced by multipliers, and any multipliers above 0 give a bound. What is left is a dynamic program per person over
days, days since the last order, and load (`stages`), whose maximum is exact on a grid that rounds the load down.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from eval.gym.catalogue import Floats, Ints
from eval.gym.effects import FAST_DAYS, SLOW_DAYS, annoyance, appeal, law, readiness
from memory.domain.brief import Brief
from memory.domain.cohort import COHORTS
from memory.domain.guardrails import Guardrails

from .ahead import CAP_DAYS, chances, most_lift, weights
from .crowd import CHANNELS, Crowd
from .living import LOST_PER_LEAVER_MINOR, withheld
from .options import AWAY_DAYS, Gift, Option, depth_of, right_class
from .policies import barred
from .stages import Group, Kinds, best

N_ROUNDS = 8
"""How often multipliers are improved."""
FIRST_PRICE, FIRST_GAP_DAYS, FIRST_DULL = 0.3, 4, 1.15
"""Where multipliers begin: the share of the weakest step's worth, days between messages, and how dull they are."""


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


def net_bound(asked: Asked, crowd: Crowd, *, n_rounds: int = N_ROUNDS) -> float:
    """Give what no planner's expected net exceeds, in euro cents."""
    who = crowd.members[~withheld(crowd, asked.holdout_rate)[crowd.members]]
    offers = sorted({option.offer_id for option in asked.menu if _limit(asked, option.offer_id) < len(who)})
    found = (_group(asked, crowd, who[crowd.cohort[who] == at], at, offers) for at in range(len(COHORTS)))
    groups = [group for group in found if group is not None]
    limits = np.array([_limit(asked, offer) for offer in offers], dtype=np.float64)
    scale = np.array([max((_typical(group, at) for group in groups), default=0.0) for at in range(len(offers))])
    prices, lowest = FIRST_PRICE * scale, np.inf
    for number in range(n_rounds):
        granted, total = np.zeros(len(offers)), float(prices @ limits)
        rng = np.random.default_rng([crowd.start.seed, 35, number])
        for group in groups:
            values, used = best(group, prices, rng)
            total += float(values.sum())
            for kinds, counts in zip(group.kinds, used, strict=True):
                limited = kinds.offers >= 0
                np.add.at(granted, kinds.offers[limited], counts.sum(axis=0)[limited])
            _reprice(group, values, used, 0.08 * 0.95**number)
        lowest = min(lowest, total)
        beyond = np.clip(granted / np.maximum(limits, 1.0) - 1.0, -1.0, 1.0)
        prices = np.maximum(prices + scale * beyond * 0.25 / (1.0 + 0.2 * number), 0.0)
    return lowest


def _group(asked: Asked, crowd: Crowd, who: Ints, cohort: int, offers: Sequence[str]) -> Group | None:
    own = [option for option in asked.menu if option.cohort == cohort]
    if not own or not len(who):
        return None
    names = sorted({option.step for option in own})
    strength = _strengths(asked, crowd, who, own)
    steps = np.array([names.index(option.step) for option in own], dtype=int)
    each = np.stack([strength[:, steps == at].max(axis=1) for at in range(len(names))], axis=1)
    is_slow = np.array([any(o.step == name and _is_slow(o) for o in own) for name in names])
    of, lift = chances(crowd, who), most_lift(each, is_slow, _caps(asked.guardrails))
    leaving = LOST_PER_LEAVER_MINOR * annoyance(crowd.people, who, np.ones(len(who)))
    kinds = []
    for slow, fade in ((True, SLOW_DAYS), (False, FAST_DAYS)):
        mine = [at for at, one in enumerate(own) if _is_slow(one) == slow]
        limited = [offers.index(own[at].offer_id) if own[at].offer_id in offers else -1 for at in mine]
        kinds.append(
            Kinds(
                steps=steps[mine],
                offers=np.array(limited, dtype=int),
                pauses=np.array([_pause(own[at], asked.guardrails) for at in mine], dtype=int),
                reach=weights(of, lift, fade),
                gain=strength[:, mine] * crowd.margin[who][:, None],
                cost=leaving[:, None] + np.array([own[at].cost_minor for at in mine]),
            )
        )
    since = crowd.start.day - crowd.start.last_day[who]
    group = Group((kinds[0], kinds[1]), of, lift, since, np.zeros((len(who), len(names))))
    for one in kinds:
        if one.steps.size:
            _first_prices(one, group.price)
    return group


def _strengths(asked: Asked, crowd: Crowd, who: Ints, own: list[Option]) -> Floats:
    """Give (n, options) each message's undulled lift; 0 for people whom it may not reach."""
    found = []
    for one in own:
        effect = law(one.kind, CHANNELS[one.channel], COHORTS[one.cohort]) * readiness(crowd.people, who)
        effect = effect * appeal(crowd.people, who, depth_of(asked.gifts.get(one.offer_id)))
        may = crowd.allows[who, one.channel] & ~barred(asked.brief, one, who, crowd)
        found.append(np.where(may, effect, 0.0))
    return np.stack(found, axis=1)


def _first_prices(kinds: Kinds, price: Floats) -> None:
    """Price steps as if one went out every few days, the strongest when it is worth most: where multipliers begin."""
    first = kinds.reach[:, :, -1]  # of those who have not ordered yet
    most, brings, own = np.zeros_like(price), kinds.gain * first.max(axis=0)[:, None], np.unique(kinds.steps)
    for step in own:
        most[:, step] = brings[:, kinds.steps == step].max(axis=1)
    order = own[np.argsort(-most[:, own], axis=1)]
    top = np.take_along_axis(most, order, axis=1)
    slots = -np.sort(-first.T[:, ::FIRST_GAP_DAYS], axis=1) / np.maximum(first.max(axis=0)[:, None], 1e-9)
    slots = slots[:, np.minimum(np.arange(len(own)), slots.shape[1] - 1)] / FIRST_DULL
    apart = top - np.concatenate([top[:, 1:], (1.0 - FIRST_PRICE) * top[:, -1:]], axis=1)
    of = np.flip(np.cumsum(np.flip(apart * slots, axis=1), axis=1), axis=1)
    np.put_along_axis(price, order, np.maximum(of, 0.0), axis=1)


def _reprice(group: Group, values: Floats, used: list[Floats], step: float) -> None:
    """Make steps dearer that were sent more than once, and cheaper that were not sent (Polyak's step length)."""
    times = np.zeros_like(group.price)
    for kinds, counts in zip(group.kinds, used, strict=True):
        times += counts @ (kinds.steps[:, None] == np.arange(times.shape[1]))
    beyond = np.where((group.price <= 0.0) & (times < 1.0), 0.0, times - 1.0)
    length = step * values / np.maximum((beyond**2).sum(axis=1), 1.0)
    group.price = np.maximum(group.price + length[:, None] * beyond, 0.0)


def _typical(group: Group, offer: int) -> float:
    """Give what a message with a limited offer may bring to a person of the group; 0 where it has none."""
    found = [
        float((kinds.gain[:, at] * kinds.reach[:, :, -1].max(axis=0)).mean())
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
