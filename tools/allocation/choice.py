"""What each decision of a tick gets: the best plan, with a share left to chance so that effects can be learned."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .limits import Flags, Floats, Ints
from .options import BUDGET, Options, problem_of
from .plan import AllocationPlan, Infeasible, Price
from .problem import Problem
from .solve import BrokenPlan, solve

LOWEST = np.iinfo(np.int64).min
GOAL = 1e-5
"""Distance from the bound, as a share of it, that is good enough for a tick."""


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
    """Probability with which the chosen option was chosen; 1 where budget or grants left nothing to choose."""
    option_propensity: Floats
    """Per option: probability before chance was held to budget and grants."""
    value_millis: int
    """Sum of net values of the plan, had chance chosen nothing: comparable with the bound."""
    bound_millis: int
    """No choice within budget, grants and caps is worth more."""
    by_value: Ints
    """Position of the option the plan gives each decision, chance left out; -1 for nothing."""
    prices: tuple[Price, ...]
    """What one more unit of money and of each scarce offer's grants would return."""
    not_in_place: str = ""
    """Why a plan that was to be made in a database was made in memory; empty where it was not."""

    @property
    def money_price(self) -> float:
        """Margin that one more unit of budget would return; 0 where money is left."""
        return next(price.per_unit for price in self.prices if price.limit == BUDGET)


def in_memory(problem: Problem) -> AllocationPlan | Infeasible:
    """Plan as ticks do whose decisions fit into memory."""
    return solve(problem, GOAL)


def choose(
    options: Options,
    budget_millis: int,
    exploration_rate: float,
    draw: Floats,
    pick: Floats,
    planner: Callable[[Problem], AllocationPlan | Infeasible] = in_memory,
) -> Choice:
    """Choose per decision: what the best plan gives it, or by chance with `exploration_rate`, or nothing.

    `draw` and `pick` are numbers in [0, 1) per decision: the first decides whether chance chooses, the second what.
    Exploration picks evenly among allowed options and doing nothing, so it never breaks a guardrail or cap. Where
    chance takes more grants or money than there are, those get nothing whose option is worth least at the price of
    money. `planner` makes the plan.
    """
    plan = planner(problem_of(options, budget_millis))
    if not isinstance(plan, AllocationPlan):
        raise BrokenPlan(limits=", ".join(plan.limits))  # doing nothing keeps all of a tick's limits
    by_value = np.where(plan.option >= 0, options.starts + plan.option, -1)
    decision = options.decision
    best, top = _best(options, decision)
    allowed = options.allowed & _seated(options, by_value, top)[decision]
    n_allowed = np.add.reduceat(allowed.astype(np.int64), options.starts)
    is_explored = (draw < exploration_rate) & (n_allowed > 0)
    chosen = np.where(is_explored, _picked(allowed, options.starts, n_allowed, pick), by_value)
    rate, none_rate = _propensities(allowed, n_allowed, by_value, decision, exploration_rate)
    propensity = np.where(chosen >= 0, rate[np.maximum(chosen, 0)], none_rate)
    reason = np.where(is_explored, "explored", np.where(by_value >= 0, "best_value", "no_value")).astype(object)
    held = np.flatnonzero((by_value < 0) & (top > 0) & ~is_explored)
    reason[held] = _held_by(options, plan, best[held])
    reason[n_allowed == 0] = "guardrail"
    [money] = [price.per_unit for price in plan.prices if price.limit == BUDGET]
    worth = options.net_millis - money * options.cost_millis
    used_up = _beyond_grants(options, chosen, worth)
    reason[used_up], chosen = "offer_used_up", np.where(used_up, -1, chosen)
    over = _beyond_budget(options, chosen, worth, budget_millis)
    reason[over], chosen = "budget", np.where(over, -1, chosen)
    cut = used_up | over
    propensity[cut] = 1.0
    propensity[held] = 1.0
    return Choice(chosen, reason, is_explored & ~cut, propensity, rate, plan.value, plan.bound, by_value, plan.prices)


def _best(options: Options, decision: Ints) -> tuple[Ints, Ints]:
    """Give per decision the first allowed option of the highest net value (position, value)."""
    net = np.where(options.allowed, options.net_millis, LOWEST)
    top = np.maximum.reduceat(net, options.starts)
    n = len(net)
    place = np.where(net == top[decision], np.arange(n), n)
    return np.minimum.reduceat(place, options.starts), top


def _seated(options: Options, by_value: Ints, top: Ints) -> Flags:
    """Say per decision whether its cap has room: first for what the plan chose, then for the highest values."""
    first = np.where(by_value >= 0, 2**62, np.minimum(np.maximum(top, -(2**61)), 2**61))
    return _rank(options.cap_group, first) < options.free_slots


def _held_by(options: Options, plan: AllocationPlan, wanted: Ints) -> npt.NDArray[np.object_]:
    """Say which limit's price left these options out, the one that charges more: the offer's grants or the budget."""
    prices = {price.limit: price for price in plan.prices}
    per_offer = np.zeros(int(options.offer.max(initial=0)) + 1)
    is_gone = np.zeros(len(per_offer), dtype=np.bool_)
    for offer in np.unique(options.offer[wanted]):
        price = prices.get(f"offer {offer}")
        if price is not None:
            per_offer[offer], is_gone[offer] = price.per_unit, price.used >= price.bound
    money = prices[BUDGET].per_unit * options.cost_millis[wanted]
    grant, gone = per_offer[options.offer[wanted]], is_gone[options.offer[wanted]]
    used_up = (grant > money) | ((grant == money) & gone)
    return np.where(used_up, "offer_used_up", "budget").astype(object)


def _beyond_grants(options: Options, chosen: Ints, worth: Floats) -> Flags:
    """Say per decision whether its offer was granted as often as it may be to decisions worth more."""
    cut = np.zeros(len(chosen), dtype=bool)
    picked = np.flatnonzero(chosen >= 0)
    taken = chosen[picked]
    cut[picked] = _rank(options.offer[taken], worth[taken]) >= options.free_grants[taken]
    return cut


def _rank(group: Ints, value: Ints | Floats) -> Ints:
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


def _beyond_budget(options: Options, chosen: Ints, worth: Floats, budget_millis: int) -> Flags:
    """Say per decision whether its chosen option comes after the money has run out, what is worth most first."""
    cut = np.zeros(len(chosen), dtype=bool)
    picked = np.flatnonzero(chosen >= 0)
    order = picked[np.lexsort((picked, -worth[chosen[picked]]))]
    spent = np.cumsum(options.cost_millis[chosen[order]])
    cut[order[spent > max(0, budget_millis)]] = True
    return cut
