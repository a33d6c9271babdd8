"""The chooser of before, kept to be measured against: the highest value first, until grants and money are used up.

Ticks chose so until 27 November 2026. Per decision the option of the highest net value, whatever it costs; caps take
the highest values of a person; then each offer's grants and the budget go to the highest values, and the first one
that the money does not reach ends it for all that follow.
"""

import numpy as np

from eval.gym.catalogue import Flags, Floats, Ints
from tools.allocation import Options

LOWEST = np.iinfo(np.int64).min


def greedy_choice(options: Options, budget_millis: int) -> Ints:
    """Give the position of each decision's option; -1 for nothing. Fulfils `Chooser`; nothing is left to chance."""
    _, top = _best(options, options.allowed)
    has_room = _rank(options.cap_group, np.maximum(top, -(2**62))) < options.free_slots
    best, top = _best(options, options.allowed & has_room[options.decision])
    chosen = np.where(top > 0, best, -1)
    picked = np.flatnonzero(chosen >= 0)
    taken = chosen[picked]
    used_up = _rank(options.offer[taken], options.net_millis[taken]) >= options.free_grants[taken]
    chosen[picked[used_up]] = -1
    picked = np.flatnonzero(chosen >= 0)
    order = picked[np.lexsort((picked, -options.net_millis[chosen[picked]]))]
    spent = np.cumsum(options.cost_millis[chosen[order]])
    chosen[order[spent > budget_millis]] = -1
    return chosen


def _best(options: Options, allowed: Flags) -> tuple[Ints, Ints]:
    """Give per decision the first allowed option of the highest net value (position, value)."""
    net, decision = np.where(allowed, options.net_millis, LOWEST), options.decision
    top = np.maximum.reduceat(net, options.starts)
    n = len(net)
    place = np.where(net == top[decision], np.arange(n), n)
    return np.minimum.reduceat(place, options.starts), top


def _rank(group: Ints, value: Ints | Floats) -> Ints:
    """Give each entry's place in its group, the highest value first; ties go to the earlier entry."""
    rank = np.empty(len(group), dtype=np.int64)
    if len(group):
        order = np.lexsort((np.arange(len(group)), -value, group))
        groups = group[order]
        first = np.flatnonzero(np.append(True, groups[1:] != groups[:-1]))
        rank[order] = np.arange(len(order)) - np.repeat(first, np.diff(np.append(first, len(order))))
    return rank
