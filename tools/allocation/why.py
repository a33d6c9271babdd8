"""Why a decision fell as it did, at the prices of the plan, and the smallest change that would flip it.

At the plan's prices every decision stands alone but for the person's cap: an option is worth its net value less what
money and grants charge, the best one above 0 wins, and of one person's decisions the best keep the seats of the cap
(`columns.choice_at` for many at once). A few near ties are settled by the whole plan instead; `decided_at` says what
the prices alone give.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import floor

import numpy as np

from .limits import Floats, Ints
from .options import BUDGET, Options
from .plan import Price

MOST_DOUBLINGS, LEAST_MILLIS = 24, 64


@dataclass(frozen=True)
class Flip:
    """The smallest change that flips one decision; every part of it is needed."""

    option: int
    """Position of the option it is about; -1 where the decision has none."""
    net_millis: int = 0
    """By how much its net value changes."""
    unblocks: bool = False
    """Whether guardrails would have to allow it."""
    less_cost_millis: int = 0
    """By how much less it would have to cost: it is dearer than all the money there is."""
    more_grants: int = 0
    """How many grants more its offer would need: none is left."""
    more_slots: int = 0
    """How many messages more the person's cap would have to allow."""


@dataclass(frozen=True)
class Why:
    """One decision at the plan's prices."""

    chosen: int
    """Position of the option that wins; -1 for nothing."""
    runner_up: int
    """Position of the option that comes next; -1 for nothing."""
    lead_millis: int
    """By how much the winner leads, rounded down."""
    rival: int
    """Decision of the same person that would take the seat, or that holds it; -1 where the cap decides nothing."""
    flip: Flip
    """What would change it."""


def charged(options: Options, prices: Sequence[Price]) -> tuple[Floats, Floats]:
    """Give per option what money and what its offer's grants charge, in thousandths."""
    by_name = {price.limit: price.per_unit for price in prices}
    grants = np.zeros(int(options.offer.max(initial=0)) + 1)
    for offer in range(len(grants)):
        grants[offer] = by_name.get(f"offer {offer}", 0.0)
    return np.maximum(options.cost_millis, 0) * by_name.get(BUDGET, 0.0), grants[options.offer]


def worth(options: Options, prices: Sequence[Price], budget_millis: int) -> Floats:
    """Give per option its net value less its charges; minus infinity where it can never be chosen.

    That is where guardrails block it, where it costs more than all the money, or where its offer has no grant left.
    """
    money, grants = charged(options, prices)
    can_be = options.allowed & (options.cost_millis <= max(budget_millis, 0)) & (options.free_grants > 0)
    return np.where(can_be, options.net_millis - money - grants, -np.inf)


def decided_at(options: Options, prices: Sequence[Price], budget_millis: int) -> Ints:
    """Give the position of the option each decision takes at these prices, caps kept; -1 for nothing."""
    best, top = _best(options, worth(options, prices, budget_millis))
    rank = np.empty(len(top), dtype=np.int64)
    order = np.lexsort((np.arange(len(top)), -top, options.cap_group))
    group = options.cap_group[order]
    first = np.flatnonzero(np.append(True, group[1:] != group[:-1])) if len(group) else np.zeros(0, dtype=np.int64)
    rank[order] = np.arange(len(order)) - np.repeat(first, np.diff(np.append(first, len(order))))
    return np.where((top > 0) & (rank < options.free_slots), best, -1)


def why(options: Options, prices: Sequence[Price], budget_millis: int, decision: int) -> Why:
    """Say why one decision falls as it does at these prices."""
    mine = np.flatnonzero(options.cap_group == options.cap_group[decision])
    values = worth(options, prices, budget_millis)
    best, top = _best(options, values)
    slots = int(options.free_slots[decision])
    others = mine[mine != decision]
    order = others[np.lexsort((others, -top[others]))]
    seated = [int(one) for one in order if top[one] > 0]
    option, value = int(best[decision]), float(top[decision])
    # whoever of the others holds the last seat, or would get it instead; without any seat, the first of one more
    last = max(slots, 1) - 1
    rival = seated[last] if len(seated) > last else -1
    level = max(0.0, float(top[rival])) if rival >= 0 else 0.0
    wins = option >= 0 and value > 0 and slots > 0 and (rival < 0 or _before(value, decision, float(top[rival]), rival))
    if wins:
        second, next_best = _second(options, values, decision, option)
        level = max(level, next_best, 0.0)
        runner_up = second if next_best >= level and next_best > 0 else -1
        flip = Flip(option, -(floor(value - level) + 1))
        return Why(option, runner_up, floor(value - level), rival if level > max(next_best, 0.0) else -1, flip)
    return _not_chosen(options, prices, budget_millis, decision, (option, value), slots, (rival, level))


def changed(options: Options, decision: int, flip: Flip) -> Options:
    """Give the options with a flip applied."""
    net, allowed, slots = options.net_millis.copy(), options.allowed.copy(), options.free_slots.copy()
    cost, grants, option = options.cost_millis.copy(), options.free_grants.copy(), flip.option
    if option >= 0:
        net[option] += flip.net_millis
        allowed[option] |= flip.unblocks
        cost[option] -= flip.less_cost_millis
        grants[options.offer == options.offer[option]] += flip.more_grants
    slots[options.cap_group == options.cap_group[decision]] += flip.more_slots
    return replace(options, net_millis=net, allowed=allowed, free_slots=slots, cost_millis=cost, free_grants=grants)


def tried(options: Options, decision: int, flip: Flip, decide: Callable[[Options], int], now: int) -> Flip | None:
    """Give the change with which deciding everything again gives something else than `now`; none where none was found.

    `decide` works the whole plan out and gives the decision's option. Prices move with the change, so its value part
    is doubled until the decision flips.
    """
    for _ in range(MOST_DOUBLINGS):
        if decide(changed(options, decision, flip)) != now:
            return flip
        if flip.option < 0:
            return None
        flip = replace(flip, net_millis=2 * flip.net_millis or LEAST_MILLIS)
    return None


def _not_chosen(
    options: Options,
    prices: Sequence[Price],
    budget_millis: int,
    decision: int,
    best: tuple[int, float],
    slots: int,
    seat: tuple[int, float],
) -> Why:
    """Say what an option would need; `best` is the decision's best with its worth, `seat` the rival with its worth."""
    (option, value), (rival, level), blank = best, seat, Flip(-1)
    if option < 0:
        option, blank = _let_in(options, prices, budget_millis, decision)
        opened = worth(changed(options, decision, blank), prices, budget_millis)
        value = float(opened[option])
    bar = level if rival >= 0 else 0.0
    short = floor(bar - value) + 1 if not value > bar else 0
    flip = replace(blank, option=option, net_millis=short, more_slots=max(0, 1 - slots))
    return Why(-1, option, max(floor(bar - value), 0), rival, flip)


def _let_in(options: Options, prices: Sequence[Price], budget_millis: int, decision: int) -> tuple[int, Flip]:
    """Give the option of highest worth that can never be chosen now, and what it would need to be looked at."""
    money, grants = charged(options, prices)
    start = int(options.starts[decision])
    mine = slice(start, start + int(options.sizes[decision]))
    option = start + int(np.argmax((options.net_millis - money - grants)[mine]))
    return option, Flip(
        option,
        unblocks=not bool(options.allowed[option]),
        less_cost_millis=max(0, int(options.cost_millis[option]) - max(budget_millis, 0)),
        more_grants=max(0, 1 - int(options.free_grants[option])),
    )


def _before(value: float, decision: int, other: float, rival: int) -> bool:
    return value > other or (value == other and decision < rival)


def _best(options: Options, values: Floats) -> tuple[Ints, Floats]:
    """Give per decision the first option of the highest worth (-1 where all are blocked) and that worth."""
    top = np.maximum.reduceat(values, options.starts)
    place = np.where(values == top[options.decision], np.arange(len(values)), len(values))
    return np.where(np.isneginf(top), -1, np.minimum.reduceat(place, options.starts)), top


def _second(options: Options, values: Floats, decision: int, chosen: int) -> tuple[int, float]:
    """Give the next best option of the decision and its worth."""
    start = int(options.starts[decision])
    rest = values[start : start + int(options.sizes[decision])].copy()
    rest[chosen - start] = -np.inf
    if not len(rest) or np.isneginf(rest.max()):
        return -1, -np.inf
    return start + int(np.argmax(rest)), float(rest.max())
