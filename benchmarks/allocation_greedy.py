"""The choice of before: the best option by value, the best decisions first, until caps and money are used up."""

import numpy as np

from tools.allocation import Budget, Count, Problem


def greedy(problem: Problem) -> int:
    """Give the sum of values the greedy choice reaches; limits from above only."""
    worth = np.where(problem.allowed, problem.value, 0)
    option, top = worth.argmax(axis=0), worth.max(axis=0)
    order = np.argsort(-top, kind="stable")
    order = order[top[order] > 0]
    for limit in problem.limits:
        if isinstance(limit, Count):
            group = problem.group[order] if problem.n_groups > 1 else np.zeros(len(order), dtype=np.int64)
            counted = limit.member[group, option[order]]
            order = order[~counted | (np.cumsum(counted) <= (limit.most if limit.most is not None else len(order)))]
    for limit in problem.limits:
        if isinstance(limit, Budget):
            spent = np.cumsum(problem.costs[limit.cost][option[order], order])
            order = order[spent <= limit.most]
    return int(top[order].sum())
