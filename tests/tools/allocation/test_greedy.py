"""Greedy choice: value, caps, budget and chance."""

from typing import Any

import numpy as np
import pytest

from tools.allocation import Options, choose, upper_bound

pytestmark = pytest.mark.slow


def options(n: int = 400, per: int = 3, seed: int = 1, **overrides: Any) -> Options:
    rng = np.random.default_rng(seed)
    cost = rng.integers(1, 400, n * per)
    fields: dict[str, Any] = {
        "starts": np.arange(0, n * per, per),
        "allowed": rng.random(n * per) < 0.7,
        "net_millis": rng.integers(-200, 2_000, n * per),
        "cost_millis": cost,
        "cap_group": np.arange(n) // 4,
        "free_slots": np.full(n, 2),
        "offer": np.zeros(n * per, dtype=np.int64),
        "free_grants": np.full(n * per, 10**6),
    }
    return Options(**{**fields, **overrides})


def quiet(n: int) -> tuple[Any, Any]:
    return np.ones(n), np.zeros(n)


def test_takes_the_best_allowed_option_and_breaks_ties_by_order() -> None:
    table = options(2, 3, allowed=np.array([True, True, False, True, True, True]), free_slots=np.array([5, 5]),
                    net_millis=np.array([10, 10, 99, -1, -2, -3]), cap_group=np.array([0, 1]))  # fmt: skip
    choice = choose(table, 10**9, 0.0, *quiet(2))
    assert choice.option.tolist() == [0, -1]
    assert choice.reason.tolist() == ["best_value", "no_value"]
    assert choice.propensity.tolist() == [1.0, 1.0]


def test_i6_an_offer_is_granted_no_more_often_than_the_plan_was_priced_for() -> None:
    offer = np.tile([0, 1, 2], 400)
    table = options(cap_group=np.arange(400), offer=offer, free_grants=np.where(offer == 1, 5, 10**6))
    choice = choose(table, 10**9, 0.3, np.linspace(0, 1, 400), np.full(400, 0.5))
    carried = np.bincount(offer[choice.option[choice.option >= 0]], minlength=3)
    used_up = choice.reason == "offer_used_up"
    assert carried[1] == 5
    assert used_up.sum() > 20
    assert (choice.option[used_up] == -1).all()
    assert (choice.propensity[used_up] == 1).all()


def test_s2_44_several_steps_of_one_person_share_the_cap() -> None:
    table = options()
    choice = choose(table, 10**9, 0.0, *quiet(400))
    chosen_per_group = np.bincount(table.cap_group, weights=choice.option >= 0)
    assert chosen_per_group.max() == 2


def test_s2_44_chance_never_breaks_a_cap_or_a_guardrail() -> None:
    table, rng = options(), np.random.default_rng(2)
    choice = choose(table, 10**9, 1.0, rng.random(400), rng.random(400))
    chosen = choice.option[choice.option >= 0]
    assert table.allowed[chosen].all()
    assert np.bincount(table.cap_group, weights=choice.option >= 0).max() <= 2
    assert choice.is_explored.any()


def test_budget_is_never_exceeded_and_the_bound_lies_above() -> None:
    table = options(free_slots=np.full(400, 9))
    for budget in (0, 1_000, 10_000, 50_000, 10**9):
        choice = choose(table, budget, 0.0, *quiet(400))
        spent = table.cost_millis[choice.option[choice.option >= 0]].sum()
        assert spent <= budget
        assert choice.value_millis <= upper_bound(table, budget)


def test_the_bound_is_exact_where_the_budget_does_not_bind() -> None:
    table = options(free_slots=np.full(400, 9))
    choice = choose(table, 10**9, 0.0, *quiet(400))
    assert upper_bound(table, 10**9) == choice.value_millis


def test_propensities_add_up_and_match_how_often_options_are_chosen() -> None:
    table = options(1, 2, allowed=np.array([True, True]), net_millis=np.array([5, 9]), free_slots=np.array([1]),
                    cap_group=np.array([0]))  # fmt: skip
    rng = np.random.default_rng(4)
    draws = [choose(table, 10**9, 0.3, rng.random(1), rng.random(1)) for _ in range(6_000)]
    first = draws[0]
    assert first.option_propensity.tolist() == pytest.approx([0.1, 0.8])
    share = {place: np.mean([draw.option[0] == place for draw in draws]) for place in (-1, 0, 1)}
    assert share[0] == pytest.approx(0.1, abs=0.015)
    assert share[1] == pytest.approx(0.8, abs=0.02)
    assert share[-1] == pytest.approx(0.1, abs=0.015)
    assert all(draw.propensity[0] == pytest.approx({0: 0.1, 1: 0.8, -1: 0.1}[int(draw.option[0])]) for draw in draws)
