"""The dynamic program of the bound for one cohort: over days, days since the last order, and messages remembered."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from eval.gym.catalogue import Floats, Ints

from .ahead import Chances, one_day
from .living import N_DAYS
from .loads import DULL, LOADS, NEXT

N_STEPS = 48
"""Pieces of the line that stands for a person's best message: chords of a convex function lie above it."""


class Kinds(NamedTuple):
    """One cohort's messages of a class; (o) options, (n) people."""

    steps: Ints
    """(o): position of the option's step among the cohort's."""
    offers: Ints
    """(o): position of its offer among the limited ones; -1 for none."""
    pauses: Ints
    """(o): days that have to pass after an order first."""
    reach: Floats
    """(days, n, states): what an undulled lift of 1 can bring in orders (`ahead.weights`)."""
    gain: Floats
    """(n, o): lift of the message times the margin of an order, in euro cents; 0 where it may not go."""
    cost: Floats
    """(n, o): sending, and the charge for those it drives away."""


@dataclass
class Group:
    """One cohort."""

    kinds: tuple[Kinds, Kinds]
    """Service and promotion: at most one of each goes to a person on a day."""
    of: Chances
    """Chances of orders."""
    lift: Floats
    """(days, n): the most lift there can be."""
    since: Ints
    """(n): days since the last order on day 0."""
    price: Floats
    """(n, steps): multiplier of each step."""


class _Lines(NamedTuple):
    """The value of the best message with one pause, by what a lift of 1 brings: chords over an even grid."""

    pause: int
    options: Ints
    cost: Floats
    width: Floats
    """(n, 1): distance of two points of the grid."""
    at: Floats
    """(n, points)."""


def best(group: Group, prices: Floats, rng: np.random.Generator) -> tuple[Floats, list[Floats]]:
    """Give each person's best expected value at these prices, steps' prices included, and what was sent on one path.

    The value is exact but for chords and rounded loads, both upwards; the counts (n, o) per class come from one drawn
    path and only steer the multipliers.
    """
    lines = [_lines(kinds, group.price, prices) for kinds in group.kinds]
    n, n_states = group.of.most.shape[1:]
    value, choices = np.zeros((n, n_states, len(LOADS)), dtype=np.float32), []
    for day in reversed(range(N_DAYS)):
        after = one_day(group.of, group.lift, day, value).astype(np.float32)
        none, once, twice = (after[:, :, NEXT[count]] for count in range(3))
        one, two = ([_tops(group, k, lines[k], day, count) for k in range(2)] for count in (1, 2))
        options = (none, one[0] + once, one[1] + once, two[0] + two[1] + twice)
        choice = np.zeros(none.shape, dtype=np.int8)
        value = none
        for number, other in enumerate(options[1:], start=1):
            better = other > value
            choice[better] = number
            value = np.where(better, other, value)
        choices.append(choice)
    values = value[:, -1, 0].astype(np.float64) + group.price.sum(axis=1)
    return values, _used(group, lines, choices[::-1], rng)


def _lines(kinds: Kinds, of_steps: Floats, of_offers: Floats) -> list[_Lines]:
    priced = kinds.cost + of_steps[:, kinds.steps] + np.append(of_offers, 0.0)[kinds.offers]
    most = kinds.reach.max(axis=(0, 2))[:, None] * 1.0001 + 1e-9
    grid, found = most * np.linspace(0.0, 1.0, N_STEPS + 1), []
    for pause in sorted(set(kinds.pauses.tolist())):
        own = np.flatnonzero(kinds.pauses == pause)
        at = np.full(grid.shape, -np.inf)
        for option in own:
            at = np.maximum(at, kinds.gain[:, option, None] * grid - priced[:, option, None])
        found.append(_Lines(int(pause), own, priced[:, own], most / N_STEPS, at.astype(np.float32)))
    return found


def _tops(group: Group, which: int, lines: list[_Lines], day: int, count: int) -> Floats:
    """Give (n, states, loads) the best message's worth less its price, `count` being the messages of the day."""
    reach = group.kinds[which].reach[day]
    divisors, places = DULL[count]
    top = np.full((*reach.shape, len(divisors)), -np.inf, dtype=np.float32)
    for each in lines:
        x = (reach[:, :, None] / divisors / each.width[:, :, None]).astype(np.float32).reshape(len(reach), -1)
        place = x.astype(np.int64)
        low, high = (np.take_along_axis(each.at, place + more, axis=1) for more in (0, 1))
        value = (low + (high - low) * (x - place)).reshape(top.shape)
        top = np.maximum(top, np.where(_may(group, day, each.pause)[:, :, None], value, -np.inf))
    return top[:, :, places]


def _may(group: Group, day: int, pause: int) -> np.ndarray:
    """Say in which states (n, states) enough days have passed since the last order."""
    n, n_states = group.of.most.shape[1:]
    may = np.empty((n, n_states), dtype=np.bool_)
    may[:, :-1] = np.arange(1, n_states) > pause
    may[:, -1] = group.since + day > pause
    return may


def _used(group: Group, lines: list[list[_Lines]], choices: list[np.ndarray], rng: np.random.Generator) -> list[Floats]:
    """Follow the best choices along one drawn path from no load on the first day; give what was sent (n, o)."""
    n, n_states = group.of.most.shape[1:]
    rows, state, load = np.arange(n), np.full(n, n_states - 1), np.zeros(n, dtype=np.int64)
    used = [np.zeros_like(kinds.cost) for kinds in group.kinds]
    for day, choice in enumerate(choices):
        action = choice[rows, state, load]
        count = np.where(action == 3, 2, (action > 0).astype(np.int64))
        for at, kinds in enumerate(group.kinds):
            sends = np.flatnonzero((action == 3) | (action == at + 1))
            if len(sends):
                chosen = _which(group, kinds, lines[at], day, state, load, count)
                used[at][sends, chosen[sends]] += 1.0
        load = np.stack(NEXT)[count, load]
        orders = rng.random(n) < group.of.most[day, rows, state]
        older = np.where(state == n_states - 1, state, np.minimum(state + 1, n_states - 2))
        state = np.where(orders, 0, older)
    return used


def _which(group: Group, kinds: Kinds, lines: list[_Lines], day: int, state: Ints, load: Ints, count: Ints) -> Ints:
    """Give each person's best message at their state and load."""
    rows = np.arange(len(state))
    reach = kinds.reach[day, rows, state] / _divisor(load, count)
    values = np.full(kinds.cost.shape, -np.inf)
    for each in lines:
        own = kinds.gain[:, each.options] * reach[:, None] - each.cost
        values[:, each.options] = np.where(_may(group, day, each.pause)[rows, state][:, None], own, -np.inf)
    found: Ints = values.argmax(axis=1)
    return found


def _divisor(load: Ints, count: Ints) -> Floats:
    by_count = np.stack([DULL[k][0][DULL[k][1]] for k in range(3)])
    found: Floats = by_count[count, load]
    return found
