"""Types of identical decisions, and single ones again."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.allocation_audit import violations
from tools.allocation import AllocationPlan, Budget, PerPerson, Problem, solve
from tools.allocation import prepare as module
from tools.allocation.columns import BLOCKED
from tools.allocation.prepare import one_per_type, prepare

from .problems import small


def alike(seed: int, n_people: int = 60) -> Problem:
    """Give people of four types with three decisions each under a cap of two, their rows in random order."""
    rng = np.random.default_rng(seed)
    kind, step = np.repeat(rng.integers(0, 4, n_people), 3), np.tile(np.arange(3), n_people)
    row, person = kind * 3 + step, np.repeat(rng.permutation(n_people), 3)
    mixed = rng.permutation(3 * n_people)
    order = mixed[np.argsort(step[mixed], kind="stable")]
    value, cost = rng.integers(-20, 90, (2, 12))[:, row], rng.integers(1, 40, (2, 12))[:, row]
    problem = Problem(value, np.ones_like(value, dtype=np.bool_), (cost,), per_person=PerPerson(person, person * 0 + 2))
    limits = small(seed, m=2).limits[:1]
    return replace(
        problem,
        value=value[:, order],
        costs=(cost[:, order],),
        per_person=PerPerson(person[order], person * 0 + 2),
        limits=tuple(limit for limit in limits if limit.name == "money"),
    )


def test_people_alike_become_one_type_with_all_their_decisions() -> None:
    merged, kind = one_per_type(prepare(alike(1)))
    assert merged.n <= 12
    assert np.bincount(kind).tolist() == merged.weight.astype(int).tolist()
    assert merged.caps is not None
    assert len(merged.caps.rows) == merged.n


@pytest.mark.parametrize("seed", range(10))
def test_spread_over_people_no_cap_breaks_and_nothing_is_lost(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = alike(seed)
    plan = solve(problem, goal=0.0)
    assert isinstance(plan, AllocationPlan)
    assert not violations(problem, plan.option)
    monkeypatch.setattr(module, "_often_alike", lambda _columns: False)
    apart = solve(problem, goal=0.0)
    assert isinstance(apart, AllocationPlan)
    assert plan.value == apart.value


def test_equal_hashes_alone_merge_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: every decision has the same hash."""
    monkeypatch.setattr(module, "_hashes", lambda columns: np.zeros(columns.n, dtype=np.uint64))
    columns = prepare(replace(small(2, n=30), per_person=None))
    merged, kind = one_per_type(columns)
    assert merged is columns
    assert len(kind) == 0


def test_decisions_that_differ_are_left_alone() -> None:
    columns = prepare(replace(small(2, n=30), per_person=None))
    columns.value[0] = np.arange(30)
    assert one_per_type(columns)[0] is columns


def test_an_option_dearer_than_the_whole_budget_is_blocked() -> None:
    problem = replace(small(4), limits=(Budget("money", 2_000),))
    blocked = prepare(problem).value <= BLOCKED
    assert blocked[problem.costs[0] > 2_000].all()
    assert not blocked[(problem.costs[0] <= 2_000) & problem.allowed].any()
