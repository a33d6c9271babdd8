"""CUPED against least squares, and moments that add up whichever way they came."""

import ibis
import numpy as np
import pyarrow as pa
import pytest

from memory.domain.evidence import Adjusted
from memory.domain.outcome import NotEstimable
from tools.experiments.cuped import adjusted
from tools.experiments.moments import Moments, from_sums, merged, moment_sums, moments

Columns = dict[str, np.ndarray]
NAMES = ("y", "before", "age")


def people(n: int, seed: int, lift: float = 0.0) -> Columns:
    rng = np.random.default_rng(seed)
    before, age = rng.gamma(2.0, 1.0, n), rng.normal(40, 10, n)
    return {"y": 2 * before - 0.05 * age + rng.normal(0, 1, n) + lift, "before": before, "age": age}


def read(treated: Columns, control: Columns) -> Adjusted:
    found = adjusted(moments(treated), moments(control))
    assert isinstance(found, Adjusted)
    return found


def close(left: Moments, right: Moments) -> bool:
    return left.n == right.n and np.allclose(left.mean, right.mean) and np.allclose(left.scatter, right.scatter)


def test_the_difference_is_that_of_least_squares_with_an_arm_term() -> None:
    treated, control = people(900, 1, 0.5), people(300, 2)
    design = np.column_stack(
        [
            np.ones(1_200),
            np.repeat([1.0, 0.0], [900, 300]),
            *(np.concatenate([treated[name], control[name]]) for name in NAMES[1:]),
        ]
    )
    slopes = np.linalg.lstsq(design, np.concatenate([treated["y"], control["y"]]), rcond=None)[0]
    assert read(treated, control).difference.estimate == pytest.approx(slopes[1])


def test_the_interval_shrinks_by_the_variance_that_is_cut() -> None:
    found = read(people(5_000, 3, 0.5), people(5_000, 4))
    assert found.variance_cut_rate == pytest.approx(1 - 1 / 9.25, abs=0.02)
    widths = [one.high - one.low for one in (found.difference, found.plain)]
    assert widths[0] / widths[1] == pytest.approx((1 - found.variance_cut_rate) ** 0.5, rel=0.01)
    assert found.difference.low < 0.5 < found.difference.high


def test_covariates_that_say_nothing_new_are_left_out() -> None:
    treated, control = people(500, 5), people(500, 6)
    for arm in (treated, control):
        arm |= {"twice": 2 * arm["before"] + 1, "constant": np.ones(500)}
    found = read(treated, control)
    assert found.covariates == ("before", "age")


def test_an_outcome_alone_is_the_plain_comparison() -> None:
    treated, control = ({"y": people(200, seed)["y"]} for seed in (7, 8))
    found = read(treated, control)
    assert found.covariates == ()
    assert found.variance_cut_rate == pytest.approx(0.0)
    assert found.difference.high == pytest.approx(found.plain.high)


def test_parts_add_up_to_the_whole() -> None:
    whole = people(700, 9)
    left = {name: column[:100] for name, column in whole.items()}
    right = {name: column[100:] for name, column in whole.items()}
    assert close(merged(moments(left), moments(right)), moments(whole))


def test_one_grouped_scan_gives_the_same_moments_and_counts_people_who_bought_nothing() -> None:
    arms = {"treated": people(400, 10), "control": people(100, 11)}
    for columns in arms.values():
        columns["y"][::2] = 0.0
    rows = [
        pa.table({"arm": [arm] * len(columns["y"]), **columns}).set_column(
            1, "y", pa.array([None if value == 0 else value for value in columns["y"]], pa.float64())
        )
        for arm, columns in arms.items()
    ]
    found = moment_sums(ibis.memtable(pa.concat_tables(rows)), ["arm"], NAMES).to_pyarrow().to_pylist()
    assert [row["arm"] for row in found] == ["control", "treated"]
    for row in found:
        assert close(from_sums(row, NAMES), moments(arms[row["arm"]]))


@pytest.mark.parametrize(("n", "flat", "code"), [(30, False, "too_few_people"), (300, True, "no_variance")])
def test_what_cannot_be_adjusted_says_why(n: int, flat: bool, code: str) -> None:
    arms = people(n, 12), people(300, 13)
    if flat:
        for arm in arms:
            arm["y"] = np.ones(len(arm["y"]))
    found = adjusted(moments(arms[0]), moments(arms[1]))
    assert isinstance(found, NotEstimable)
    assert found.code == code


def test_an_outcome_that_is_its_own_covariate_is_named() -> None:
    treated, control = (moments({"y": y, "same": 3 * y}) for y in (people(300, 14)["y"], people(300, 15)["y"]))
    found = adjusted(treated, control)
    assert isinstance(found, NotEstimable) and "none is it" in found.message
