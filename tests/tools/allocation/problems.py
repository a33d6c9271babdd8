"""Small problems of every kind, and the truth about them by trying every choice."""

from itertools import product

import numpy as np

from tools.allocation import Budget, Count, Limit, PerPerson, Problem


def small(seed: int, n: int = 6, m: int = 3, alike: bool = False) -> Problem:
    """Give a random problem: budgets, counts from above and below, segments, caps per person, ties."""
    rng = np.random.default_rng(seed)
    n_groups, size = int(rng.integers(1, 4)), int(rng.choice([5, 100, 10_000]))
    value, cost = rng.integers(-size // 2, size, (m, n)), rng.integers(0, size, (m, n))
    allowed, group = rng.random((m, n)) < 0.8, rng.integers(0, n_groups, n)
    if alike:
        twin = rng.integers(0, max(1, n // 3), n)
        value, cost, allowed, group = value[:, twin], cost[:, twin], allowed[:, twin], group[twin]
    limits: list[Limit] = []
    if rng.random() < 0.8:
        limits.append(Budget("money", int(rng.random() ** 2 * cost.mean() * n * 0.5)))
    for number in range(int(rng.integers(0, 4))):
        most = int(rng.integers(0, n)) if rng.random() < 0.7 else None
        least = int(rng.integers(0, n // 2 + 1) * rng.random()) if rng.random() < 0.4 else 0
        limits.append(Count(f"count {number}", rng.random((n_groups, m)) < 0.5, most, least))
    caps = None
    if rng.random() < 0.5:
        person, at_most = rng.integers(0, max(1, n // 3), n), rng.integers(0, 3, n)
        caps = PerPerson(person, at_most[person])
    return Problem(value, allowed, (cost,), tuple(limits), group, n_groups, caps)


def best_of_all(problem: Problem) -> int | None:
    """Give the largest sum of values of any choice that keeps everything; none where there is none."""
    n, m = problem.n_decisions, problem.n_options
    choices = np.array(list(product(range(m + 1), repeat=n)))
    kept = keeps(problem, choices)
    return int(total(problem.value, choices)[kept].max()) if kept.any() else None


def keeps(problem: Problem, choices: np.ndarray) -> np.ndarray:
    """Say of each choice (c, n), m for nothing, whether it keeps every limit, cap and mask."""
    m = problem.n_options
    blocked = np.vstack([~problem.allowed, np.zeros(problem.n_decisions, dtype=np.bool_)])
    kept: np.ndarray = ~blocked[choices, np.arange(problem.n_decisions)].any(axis=1)
    for limit in problem.limits:
        if isinstance(limit, Budget):
            kept &= total(problem.costs[limit.cost], choices) <= limit.most
            continue
        groups = problem.group if problem.n_groups > 1 else np.zeros(problem.n_decisions, dtype=np.int64)
        member = np.append(limit.member, np.zeros((problem.n_groups, 1), dtype=np.bool_), axis=1)
        counted = member[groups, choices].sum(axis=1)
        kept &= (counted >= limit.least) & (counted <= (limit.most if limit.most is not None else counted))
    if problem.per_person:
        for person in np.unique(problem.per_person.person):
            mine = problem.per_person.person == person
            kept &= (choices[:, mine] < m).sum(axis=1) <= problem.per_person.at_most[mine][0]
    return kept


def total(cells: np.ndarray, choices: np.ndarray) -> np.ndarray:
    """Give what each choice adds up to."""
    padded = np.vstack([cells, np.zeros(cells.shape[1], dtype=np.int64)])
    summed: np.ndarray = padded[choices, np.arange(cells.shape[1])].sum(axis=1)
    return summed
