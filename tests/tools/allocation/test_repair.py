"""Repair: from broken or poor whole choices to feasible and better ones."""

import numpy as np
import pytest

from benchmarks.allocation_worlds import world
from tools.allocation.limits import sides_of
from tools.allocation.near import Near, near_ties
from tools.allocation.prepare import prepare
from tools.allocation.repair import repaired, rounded_down
from tools.allocation.whole import relaxed, searched


def near(seed: int, n: int = 60) -> Near:
    problem = world(n, seed)
    sides = sides_of(problem.limits, 1, problem.n_options)
    columns = prepare(problem)
    return near_ties(columns, sides, sides.bound, np.array([1.0, 500, 500, 500, 500]), n)


@pytest.mark.parametrize("seed", range(6))
def test_a_choice_that_takes_everything_is_mended(seed: int) -> None:
    few = near(seed)
    amount = np.zeros(few.value.shape, dtype=np.int64)
    amount[np.arange(len(amount)), np.where(few.usable, few.value, -1).argmax(axis=1)] = 1
    assert ((few.use * amount).sum(axis=(1, 2)) > few.room).any()
    mended, is_kept = repaired(few, amount)
    assert is_kept
    assert ((few.use * mended).sum(axis=(1, 2)) <= few.room).all()
    assert (mended.sum(axis=1) == few.weight).all()


@pytest.mark.parametrize("seed", range(6))
def test_rounding_and_repair_come_near_the_search_and_never_past_the_program(seed: int) -> None:
    few = near(seed)
    program = relaxed(few)
    assert program is not None
    amount, is_kept = repaired(few, rounded_down(few, program.amount))
    found = searched(few, 0.0, 2_000)
    assert is_kept and found.amount is not None
    value = few.fixed.value + float((few.value * amount).sum())
    exact = few.fixed.value + float((few.value * found.amount).sum())
    assert value <= exact <= min(program.value, found.bound) + 1e-3
    assert value >= 0.97 * exact


def test_what_cannot_be_mended_is_said() -> None:
    few = near(1)
    impossible = Near(**{**few.__dict__, "room": few.room - 10**9})
    _, is_kept = repaired(impossible, rounded_down(few, np.zeros(few.value.shape)))
    assert not is_kept
    assert relaxed(impossible) is None
    assert searched(impossible, 0.0, 100).amount is None
