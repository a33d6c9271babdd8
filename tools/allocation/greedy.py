"""Greedy choice per person and step, with a small share left to chance so that effects can be learned.

Everything is an array: one entry per option, options of one decision side by side in order of their ids, so ties go
to the smaller id. Values are integers, so no machine ranks them differently.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
LOWEST = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Options:
    """All options of a tick; `starts` holds the first option of each decision."""

    starts: Ints
    """Position of each decision's first option."""
    allowed: Flags
    """Per option: whether no guardrail blocks it."""
    net_millis: Ints
    """Per option: expected incremental margin less cost."""
    cost_millis: Ints
    """Per option: expected cost."""
    cap_group: Ints
    """Per decision: a number per person and message class; decisions of one group share a cap."""
    free_slots: Ints
    """Per decision: how many messages the group's cap still allows."""
    offer: Ints
    """Per option: a number per offer."""
    free_grants: Ints
    """Per option: how often its offer may still be granted over all people."""

    @property
    def sizes(self) -> Ints:
        """How many options each decision has."""
        return np.diff(np.append(self.starts, len(self.allowed)))


@dataclass(frozen=True)
class Choice:
    """What was chosen, per decision, and how likely every option was."""

    option: Ints
    """Position of the chosen option; -1 for doing nothing."""
    reason: npt.NDArray[np.object_]
    """best_value, explored, guardrail, no_value, offer_used_up or budget."""
    is_explored: Flags
    """Whether chance chose."""
    propensity: Floats
    """Probability with which the chosen option was chosen, before the budget was looked at; 1 where it cut."""
    option_propensity: Floats
    """Per option: probability before the budget was looked at."""
    value_millis: int
    """Sum of net values of the best choice within budget, had chance chosen nothing: comparable with the bound."""


def choose(options: Options, budget_millis: int, exploration_rate: float, draw: Floats, pick: Floats) -> Choice:
    """Choose per decision: the best positive net value, or by chance with `exploration_rate`, or nothing.

    `draw` and `pick` are numbers in [0, 1) per decision: the first decides whether chance chooses, the second what.
    Exploration picks evenly among allowed options and doing nothing, so it never breaks a guardrail or cap.
    Where an offer's grants or the budget do not reach, decisions of lower value get nothing.
    """
    decision = np.repeat(np.arange(len(options.starts)), options.sizes)
    best, top = _best(options, options.allowed, decision)
    allowed = options.allowed & _within_caps(options, top)[decision]
    best, top = _best(options, allowed, decision)
    n_allowed = np.add.reduceat(allowed.astype(np.int64), options.starts)
    by_value = np.where(top > 0, best, -1)
    is_explored = (draw < exploration_rate) & (n_allowed > 0)
    chosen = np.where(is_explored, _picked(allowed, options.starts, n_allowed, pick), by_value)
    rate, none_rate = _propensities(allowed, n_allowed, by_value, decision, exploration_rate)
    propensity = np.where(chosen >= 0, rate[np.maximum(chosen, 0)], none_rate)
    reason = np.where(is_explored, "explored", np.where(by_value >= 0, "best_value", "no_value")).astype(object)
    reason[n_allowed == 0] = "guardrail"
    used_up = _beyond_grants(options, chosen)
    reason[used_up], chosen = "offer_used_up", np.where(used_up, -1, chosen)
    over = _beyond_budget(options, chosen, budget_millis)
    reason[over], chosen = "budget", np.where(over, -1, chosen)
    cut = used_up | over
    granted = np.where(_beyond_grants(options, by_value), -1, by_value)
    valued = (granted >= 0) & ~_beyond_budget(options, granted, budget_millis)
    value = int(options.net_millis[granted[valued]].sum())
    return Choice(chosen, reason, is_explored & ~cut, np.where(cut, 1.0, propensity), rate, value)


def _best(options: Options, allowed: Flags, decision: Ints) -> tuple[Ints, Ints]:
    """Give per decision the first allowed option of the highest net value (position, value)."""
    net = np.where(allowed, options.net_millis, LOWEST)
    top = np.maximum.reduceat(net, options.starts)
    n = len(net)
    place = np.where(net == top[decision], np.arange(n), n)
    return np.minimum.reduceat(place, options.starts), top


def _within_caps(options: Options, top: Ints) -> Flags:
    """Say per decision whether its cap still has room after the better ones of the same person and class."""
    return _rank(options.cap_group, np.maximum(top, -(2**62))) < options.free_slots


def _beyond_grants(options: Options, chosen: Ints) -> Flags:
    """Say per decision whether its offer was granted as often as it may be to decisions of higher value."""
    cut = np.zeros(len(chosen), dtype=bool)
    picked = np.flatnonzero(chosen >= 0)
    taken = chosen[picked]
    cut[picked] = _rank(options.offer[taken], options.net_millis[taken]) >= options.free_grants[taken]
    return cut


def _rank(group: Ints, value: Ints) -> Ints:
    """Give each entry's place in its group, the highest value first; ties go to the earlier entry."""
    rank = np.empty(len(group), dtype=np.int64)
    if len(group):
        order = np.lexsort((np.arange(len(group)), -value, group))
        groups = group[order]
        first = np.flatnonzero(np.append(True, groups[1:] != groups[:-1]))
        rank[order] = np.arange(len(order)) - np.repeat(first, np.diff(np.append(first, len(order))))
    return rank


def _picked(allowed: Flags, starts: Ints, n_allowed: Ints, pick: Floats) -> Ints:
    """Give per decision the allowed option that chance picks evenly; -1 for doing nothing."""
    number = np.minimum((pick * (n_allowed + 1)).astype(np.int64), n_allowed)
    before: Ints = np.cumsum(allowed) - allowed
    wanted = before[starts] + number - 1
    places = np.flatnonzero(allowed)
    found = places[np.clip(wanted, 0, max(len(places) - 1, 0))] if len(places) else np.zeros_like(wanted)
    return np.where(number == 0, -1, found)


def _propensities(
    allowed: Flags, n_allowed: Ints, by_value: Ints, decision: Ints, exploration_rate: float
) -> tuple[Floats, Floats]:
    """Give the probability of every option, and per decision that of doing nothing."""
    even = np.where(n_allowed > 0, exploration_rate / (n_allowed + 1), 0.0)
    rate = np.where(allowed, even[decision], 0.0)
    valued = by_value >= 0
    rate[by_value[valued]] += 1 - exploration_rate
    none_rate = np.where(n_allowed == 0, 1.0, even + np.where(valued, 0.0, 1 - exploration_rate))
    return rate, none_rate


def _beyond_budget(options: Options, chosen: Ints, budget_millis: int) -> Flags:
    """Say per decision whether its chosen option comes after the money has run out, best net value first."""
    cut = np.zeros(len(chosen), dtype=bool)
    picked = np.flatnonzero(chosen >= 0)
    order = picked[np.lexsort((picked, -options.net_millis[chosen[picked]]))]
    spent = np.cumsum(options.cost_millis[chosen[order]])
    cut[order[spent > budget_millis]] = True
    return cut
