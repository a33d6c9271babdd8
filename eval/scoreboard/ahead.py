"""What a message can bring at most, by day and by how long ago its reader ordered: weights for an upper bound.

Orders with messages less orders without are, by the performance difference lemma (Kakade, Langford 2002, ICML 19),
exactly the expected sum over days of b(s) L d(s): the daily chance b without messages in the state s that messages led
to, the lift L of that day, and what an order then is worth, itself and those it brings on without messages, d(s). No
policy leads to more recent orders than a crowd whose lift is the most that caps allow at all times and whose chance
never rises with the time since the last order; b d is bounded in the same way.
"""

from typing import NamedTuple

import numpy as np

from eval.gym.behaviour import MOST_CHANCE, MOST_DEPTH, MOST_LIFTED, recency
from eval.gym.catalogue import Floats, Ints
from eval.gym.lanes import CARE, lanes_of

from .crowd import Crowd
from .living import N_DAYS


class Chances(NamedTuple):
    """Daily chances without messages, by state: days 1..N since an order within the ninety days, last "none yet"."""

    now: Floats
    """(days, people, states): chance of an order; parcels of orders within the ninety days came on time."""
    bound: Floats
    """The same, never rising with the time since the last order: nobody's chance is larger, whatever parcels do."""
    worth: Floats
    """Chance times what an order is worth in orders, never rising either: the most of all fates of the last parcel."""


def chances(crowd: Crowd, who: Ints) -> Chances:
    """Give the chances of these people on each of the ninety days."""
    start, days = crowd.start, np.arange(N_DAYS)
    base = crowd.people.rate[who] * start.tide(range(N_DAYS))[:, crowd.people.taste[who]]
    left = CARE[start.parcel[who]] * (1.0 - np.minimum(start.depth[who], MOST_DEPTH))
    first = base * left * recency(start.day - start.last_day[who] + days[:, None])
    later = base[:, :, None] * recency(days + 1)
    lanes, now = lanes_of(start.seed), _with_states(later, first)
    worth, ahead = np.empty_like(now), np.zeros((len(CARE), *now.shape[1:]))
    for day in reversed(range(N_DAYS)):
        odds = lanes.odds(crowd.people.lane[who], start.day + day)
        after = (odds.T * ahead[:, :, 0]).sum(axis=0)[:, None]
        gains = []
        for outcome, care in enumerate(CARE):
            chance = _with_states(care * later[day], first[day])
            if_not = _older(ahead[outcome])
            gains.append(chance * (1.0 + after - if_not))
            ahead[outcome] = if_not + gains[-1]
        worth[day] = np.maximum.reduce(gains)
    return Chances(now, _never_rising(now), _never_rising(worth))


def weights(of: Chances, most_lift: Floats, fade_days: float) -> Floats:
    """Give per (day, person, state) what lift that begins tomorrow at 1 and fades can bring in orders at most.

    `most_lift` is (days, people). The state is that of the morning of the decision.
    """
    found, fade = np.zeros_like(of.now), np.exp(-1.0 / fade_days)
    after = np.zeros(of.now.shape[1:])
    for day in reversed(range(N_DAYS)):
        found[day] = _step(lifted(of, most_lift, day), after)
        after = of.worth[day] + fade * found[day]
    return found


def lifted(of: Chances, most_lift: Floats, day: int) -> Floats:
    """Give per (person, state) the chance of an order that none exceeds."""
    chance: Floats = np.minimum(of.bound[day] * (1.0 + most_lift[day][:, None]), MOST_LIFTED)
    return chance


def paths(of: Chances, most_lift: Floats, seed: int) -> Ints:
    """Draw per (day, person) the state that each day begins with, in the crowd that orders most readily."""
    n = of.now.shape[1]
    state, found = np.full(n, N_DAYS), np.empty((N_DAYS, n), dtype=np.int64)
    for day in range(N_DAYS):
        found[day] = state
        draw = np.random.default_rng([seed, 35, day]).random(n)
        orders = draw < lifted(of, most_lift, day)[np.arange(n), state]
        older = np.where(state == N_DAYS, N_DAYS, np.minimum(state + 1, N_DAYS - 1))
        state = np.where(orders, 0, older)
    return found


def _with_states(later: Floats, first: Floats) -> Floats:
    """Give chances by state: after orders of the ninety days, then of those who have not ordered yet."""
    found: Floats = np.minimum(np.concatenate([later, first[..., None]], axis=-1), MOST_CHANCE)
    return found


def _older(values: Floats) -> Floats:
    """Give each state's value after a day without an order."""
    return np.concatenate([values[:, 1:-1], values[:, -2:-1], values[:, -1:]], axis=1)


def _step(chance: Floats, after: Floats) -> Floats:
    return chance * after[:, :1] + (1.0 - chance) * _older(after)


def _never_rising(values: Floats) -> Floats:
    """Give per state the largest value of itself and all states of longer ago."""
    return np.flip(np.maximum.accumulate(np.flip(values, axis=-1), axis=-1), axis=-1)
