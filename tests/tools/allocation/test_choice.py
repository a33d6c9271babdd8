"""What a tick chooses: value, caps, grants, budget, chance, and the reason told."""

from typing import Any

import numpy as np
import pytest

from tools.allocation import Options, choose
from tools.allocation.options import problem_of

from .problems import best_of_all


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
        assert choice.value_millis <= choice.bound_millis


def test_without_a_limit_that_binds_plan_and_bound_are_the_same() -> None:
    table = options(free_slots=np.full(400, 9))
    choice = choose(table, 10**9, 0.0, *quiet(400))
    best = np.where(table.allowed, table.net_millis, 0).reshape(400, 3).max(axis=1)
    assert choice.value_millis == choice.bound_millis == np.maximum(best, 0).sum()


@pytest.mark.parametrize("seed", range(10))
def test_of_all_choices_within_budget_grants_and_caps_the_best_is_made(seed: int) -> None:
    table = options(
        6, 3, seed, cap_group=np.array([0, 0, 0, 1, 1, 2]),
        free_slots=np.array([2, 2, 2, 1, 1, 0]),
        offer=np.tile([0, 1, 1], 6), free_grants=np.tile([9, 2, 2], 6),
    )  # fmt: skip
    choice = choose(table, 500, 0.0, *quiet(6))
    assert choice.value_millis == best_of_all(problem_of(table, 500))
    assert choice.bound_millis - choice.value_millis <= 1e-5 * choice.bound_millis


def test_decisions_of_different_width_lie_beside_each_other() -> None:
    table = Options(
        starts=np.array([0, 1, 4]),
        allowed=np.array([True, True, True, True, True, False]),
        net_millis=np.array([3, 1, 5, 2, -1, 9]),
        cost_millis=np.ones(6, dtype=np.int64),
        cap_group=np.arange(3),
        free_slots=np.ones(3, dtype=np.int64),
        offer=np.zeros(6, dtype=np.int64),
        free_grants=np.full(6, 9),
    )
    assert choose(table, 100, 0.0, *quiet(3)).option.tolist() == [0, 2, -1]


def test_money_goes_where_it_earns_most_and_the_rest_is_told_the_budget() -> None:
    """Greedy by value took the first, for 10 in all; the two others earn 12."""
    table = options(
        3, 1, allowed=np.ones(3, dtype=np.bool_), net_millis=np.array([10, 6, 6]), cost_millis=np.array([10, 5, 5]),
        cap_group=np.arange(3),
        free_slots=np.ones(3, dtype=np.int64), offer=np.zeros(3, dtype=np.int64),
        free_grants=np.full(3, 9),
    )  # fmt: skip
    choice = choose(table, 10, 0.0, *quiet(3))
    assert choice.option.tolist() == [-1, 1, 2]
    assert choice.reason.tolist() == ["budget", "best_value", "best_value"]
    assert 1.0 <= choice.money_price <= 1.2
    assert choose(table, 100, 0.0, *quiet(3)).money_price == 0


def test_who_is_left_out_by_an_offer_s_grants_is_told_so() -> None:
    table = options(
        40, 1, allowed=np.ones(40, dtype=np.bool_), net_millis=np.arange(40) + 5,
        cost_millis=np.ones(40, dtype=np.int64), cap_group=np.arange(40),
        free_slots=np.ones(40, dtype=np.int64), offer=np.zeros(40, dtype=np.int64),
        free_grants=np.full(40, 7),
    )  # fmt: skip
    choice = choose(table, 10**6, 0.0, *quiet(40))
    assert choice.reason.tolist() == ["offer_used_up"] * 33 + ["best_value"] * 7


def test_what_chance_takes_beyond_the_budget_costs_the_plan_nothing() -> None:
    """The first decision is dear and worth more than either of the others, but less per money."""
    table = options(
        3, 1, allowed=np.ones(3, dtype=np.bool_), net_millis=np.array([10, 6, 6]), cost_millis=np.array([10, 5, 5]),
        cap_group=np.arange(3), free_slots=np.ones(3, dtype=np.int64), offer=np.zeros(3, dtype=np.int64),
        free_grants=np.full(3, 9),
    )  # fmt: skip
    choice = choose(table, 10, 0.5, np.array([0.0, 1.0, 1.0]), np.full(3, 0.9))
    assert choice.option.tolist() == [-1, 1, 2]
    assert choice.reason.tolist() == ["budget", "best_value", "best_value"]


def test_no_money_leaves_what_costs_nothing() -> None:
    table = options(
        2, 1, allowed=np.ones(2, dtype=np.bool_), net_millis=np.array([9, 4]), cost_millis=np.array([1, 0]),
        cap_group=np.arange(2),
        free_slots=np.ones(2, dtype=np.int64), offer=np.zeros(2, dtype=np.int64),
        free_grants=np.full(2, 9),
    )  # fmt: skip
    choice = choose(table, 0, 0.0, *quiet(2))
    assert choice.option.tolist() == [-1, 1]
    assert choice.reason.tolist() == ["budget", "best_value"]


def test_whoever_the_cap_has_no_room_for_is_held_by_a_guardrail() -> None:
    table = options(
        3, 1, allowed=np.ones(3, dtype=np.bool_), net_millis=np.array([9, 8, 4]),
        cost_millis=np.ones(3, dtype=np.int64), cap_group=np.zeros(3, dtype=np.int64),
        free_slots=np.full(3, 2), offer=np.zeros(3, dtype=np.int64),
        free_grants=np.full(3, 9),
    )  # fmt: skip
    choice = choose(table, 100, 0.0, *quiet(3))
    assert choice.reason.tolist() == ["best_value", "best_value", "guardrail"]


def test_propensities_add_up_and_match_how_often_options_are_chosen() -> None:
    n, rng = 6_000, np.random.default_rng(4)
    table = options(n, 2, allowed=np.ones(2 * n, dtype=np.bool_), net_millis=np.tile([5, 9], n),
                    free_slots=np.ones(n, dtype=np.int64), cap_group=np.arange(n))  # fmt: skip
    choice = choose(table, 10**9, 0.3, rng.random(n), rng.random(n))
    assert choice.option_propensity.reshape(n, 2)[0].tolist() == pytest.approx([0.1, 0.8])
    place = np.where(choice.option >= 0, choice.option - table.starts, -1)
    for number, share in ((-1, 0.1), (0, 0.1), (1, 0.8)):
        assert (place == number).mean() == pytest.approx(share, abs=0.02)
        assert choice.propensity[place == number] == pytest.approx(share)
