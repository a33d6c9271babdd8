"""What a message can bring at most, by day and by how long ago its reader ordered: weights for an upper bound.

Orders with messages less orders without are, by the performance difference lemma (Kakade, Langford 2002, ICML 19),
exactly the expected sum over days of b(s) L d(s): the daily chance b without messages in the state s that messages led
to, the lift L of that day, and what an order then is worth, itself and those it brings on without messages, d(s). How
messages move people between states is bounded by letting the lift of each day and the fate of the last parcel be
whatever serves the planner best, within what caps and dulling allow: a control of the dynamic program.
"""

from typing import NamedTuple

import numpy as np

from eval.gym.behaviour import MOST_CHANCE, MOST_DEPTH, MOST_LIFTED, recency
from eval.gym.catalogue import Flags, Floats, Ints
from eval.gym.effects import FAST_DAYS, SLOW_DAYS, dulling
from eval.gym.lanes import CARE, lanes_of

from .crowd import Crowd
from .living import N_DAYS
from .loads import LOADS, NEXT

CAP_DAYS = 7
"""Days of the windows in which caps bound how much lift there can be."""

N_AGES = 45
"""Days since an order that are told apart: beyond, the chance hardly changes."""


class Chances(NamedTuple):
    """By day, person and state: days 1..`N_AGES` since an order within the ninety days, last "none yet"."""

    least: Floats
    """Chance of an order without messages where the last parcel of the ninety days was lost."""
    most: Floats
    """The same where it came on time."""
    worth: Floats
    """Chance times what an order is worth in orders: the most of all fates of the last parcel."""


def chances(crowd: Crowd, who: Ints) -> Chances:
    """Give the chances of these people on each of the ninety days."""
    start, days = crowd.start, np.arange(N_DAYS)
    base = crowd.people.rate[who] * start.tide(range(N_DAYS))[:, crowd.people.taste[who]]
    left = CARE[start.parcel[who]] * (1.0 - np.minimum(start.depth[who], MOST_DEPTH))
    first = base * left * recency(start.day - start.last_day[who] + days[:, None])
    later = base[:, :, None] * recency(days + 1)
    lanes, most = lanes_of(start.seed), with_states(later, first)
    worth, ahead = np.empty_like(most), np.zeros((len(CARE), *most.shape[1:]))
    for day in reversed(range(N_DAYS)):
        odds = lanes.odds(crowd.people.lane[who], start.day + day)
        after = (odds.T * ahead[:, :, 0]).sum(axis=0)[:, None]
        gains = []
        for outcome, care in enumerate(CARE):
            chance = with_states(care * later[day], first[day])
            if_not = older(ahead[outcome])
            gains.append(chance * (1.0 + after - if_not))
            ahead[outcome] = if_not + gains[-1]
        worth[day] = np.maximum.reduce(gains)
    least = with_states(CARE.min() * later, first)
    return Chances(_together(least, np.minimum), _together(most, np.maximum), _together(worth, np.maximum))


def weights(of: Chances, most_lift: Floats, fade_days: float) -> Floats:
    """Give per (day, person, state) what lift that begins tomorrow at 1 and fades can bring in orders at most.

    `most_lift` is (days, people). The state is that of the morning of the decision.
    """
    found, fade = np.zeros_like(of.most), np.exp(-1.0 / fade_days)
    after = np.zeros(of.most.shape[1:])
    for day in reversed(range(N_DAYS)):
        found[day] = one_day(of, most_lift, day, after)
        after = of.worth[day] + fade * found[day]
    return found


def one_day(of: Chances, most_lift: Floats, day: int, after: np.ndarray) -> Floats:
    """Give the most that (people, states) or (people, states, loads) can expect of the values `after` the day."""
    most = np.minimum(of.most[day] * (1.0 + most_lift[day][:, None]), MOST_LIFTED)
    least = of.least[day]
    if after.ndim == 3:
        most, least = most[:, :, None], least[:, :, None]
    if_not = older(after)
    gain = after[:, :1] - if_not
    best: Floats = if_not + np.where(gain > 0, most, least) * gain
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
        none, after, both = (value[:, NEXT[k]] for k in range(3))
        single, double = dulling(LOADS + 1), dulling(LOADS + 2)
        value = np.maximum.reduce(
            [none, np.maximum(slow_one, fast_one) / single + after, (slow_one + fast_one) / double + both]
        )
        dulled[age + 1] = value[:, 0]
    return np.minimum(capped, dulled)


def _together(values: Floats, of: np.ufunc) -> Floats:
    """Give states with those of `N_AGES` days and more as one that nobody leaves but by an order."""
    far: Floats = of.reduce(values[:, :, N_AGES - 1 : -1], axis=2, keepdims=True)
    return np.concatenate([values[:, :, : N_AGES - 1], far, values[:, :, -1:]], axis=2)


def older(values: np.ndarray) -> Floats:
    """Give each state's value after a day without an order, states on the second axis."""
    return np.concatenate([values[:, 1:-1], values[:, -2:-1], values[:, -1:]], axis=1)


def with_states(later: Floats, first: Floats) -> Floats:
    """Give chances by state: after orders of the ninety days, then of those who have not ordered yet."""
    found: Floats = np.minimum(np.concatenate([later, first[..., None]], axis=-1), MOST_CHANCE)
    return found
