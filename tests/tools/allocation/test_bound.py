"""The bound against exhaustive search."""

from itertools import product

import numpy as np
import pytest

from tools.allocation import Options, upper_bound


@pytest.mark.parametrize("seed", range(8))
def test_no_choice_is_worth_more_than_the_bound(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, per = 5, 2
    table = Options(
        starts=np.arange(0, n * per, per),
        allowed=rng.random(n * per) < 0.8,
        net_millis=rng.integers(-20, 100, n * per),
        cost_millis=rng.integers(1, 40, n * per),
        cap_group=np.arange(n),
        free_slots=np.full(n, 9),
        offer=np.zeros(n * per, dtype=np.int64),
        free_grants=np.full(n * per, 99),
    )
    budget = int(rng.integers(5, 90))
    best = 0
    for picks in product(range(-1, per), repeat=n):
        chosen = [i * per + pick for i, pick in enumerate(picks) if pick >= 0]
        if all(table.allowed[chosen]) and table.cost_millis[chosen].sum() <= budget:
            best = max(best, int(table.net_millis[chosen].sum()))
    bound = upper_bound(table, budget)
    assert best <= bound <= best + 100  # a linear program over-counts at most one person's option here
