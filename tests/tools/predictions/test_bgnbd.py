"""BG/NBD: the paper's figures on the paper's data, the gradient, recovery of known truth, small shops said so."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from scipy.optimize import check_grad

from tools.predictions import bgnbd
from tools.predictions.bgnbd import Floats, Types

TABLE = Path(__file__).parents[4] / "shared" / "data" / "cdnow_summary_bgnbd.parquet"


def types_of(*columns: Floats) -> Types:
    distinct, n = np.unique(np.stack(columns, axis=1), axis=0, return_counts=True)
    return Types(distinct[:, 0], distinct[:, 1], distinct[:, 2], n.astype(np.float64))


def simulated(n: int, seed: int, truth: tuple[float, float, float, float] = (0.5, 6.0, 0.8, 2.5)) -> Types:
    """Histories of people who live by the table itself, seen for a year, in whole days."""
    r, alpha, a, b = truth
    generator = np.random.default_rng(seed)
    rows = []
    for rate, stops, age in zip(
        generator.gamma(r, 1 / alpha, n), generator.beta(a, b, n), generator.uniform(20, 52, n), strict=True
    ):
        at, bought = 0.0, []
        while (at := at + generator.exponential(1 / rate)) <= age:
            bought.append(at)
            if generator.random() < stops:
                break
        rows.append((float(len(bought)), round((bought[-1] if bought else 0.0) * 7) / 7, round(age * 7) / 7))
    return types_of(*np.array(rows).T)


def test_s1_49_the_papers_parameters_and_likelihood_on_the_papers_data() -> None:
    if not TABLE.exists():
        pytest.skip("the real table is not in ../shared/data")
    table = pq.read_table(TABLE)
    types = types_of(*(table[name].to_numpy().astype(np.float64) for name in ("frequency", "recency", "T")))
    fitted = bgnbd.fit(types)
    assert (fitted.r, fitted.alpha, fitted.a, fitted.b) == pytest.approx((0.2426, 4.4135, 0.7929, 2.4258), rel=0.005)
    assert fitted.log_likelihood == pytest.approx(-9582.43, abs=0.05)
    assert not fitted.is_shrunk
    one = Types(*(np.array([value]) for value in (2.0, 30.43, 38.86, 1.0)))
    assert bgnbd.expected_purchases(fitted.parameters, one, 39.0)[0] == pytest.approx(1.226, abs=0.001)  # page 282


def test_the_gradient_is_the_slope_of_the_likelihood() -> None:
    types = simulated(150, 3)
    at = np.array([0.4, 5.0, 0.7, 2.0])
    slope = check_grad(
        lambda p: bgnbd._log_likelihood(p, types)[0], lambda p: bgnbd._log_likelihood(p, types)[1], at, epsilon=1e-6
    )
    assert slope < 1e-2  # of sums over 150 people


def test_expected_purchases_neither_overflow_nor_fall_below_nothing() -> None:
    parameters = np.array([0.3, 4.0, 1.0, 2.0])  # a = 1 is a pole of the closed form
    heavy = Types(
        *(np.array(values) for values in ([0.0, 900.0, 900.0], [0.0, 99.9, 2.0], [0.1, 100.0, 100.0], [1.0] * 3))
    )
    bought = bgnbd.expected_purchases(parameters, heavy, 52.0)
    assert np.all(np.isfinite(bought))
    assert bought[1] > 300 > bought[2] >= 0
    near = bgnbd.expected_purchases(np.array([0.3, 4.0, 1.001, 2.0]), heavy, 52.0)
    assert bought == pytest.approx(near, rel=0.01)
    longer = bgnbd.expected_purchases(parameters, heavy, 104.0)
    assert np.all(longer >= bought)


@pytest.mark.slow
def test_s1_49_known_truth_is_recovered_within_what_the_fit_admits() -> None:
    fitted = bgnbd.fit(simulated(2_000, 11))
    off = np.log(fitted.parameters) - np.log([0.5, 6.0, 0.8, 2.5])
    assert np.all(np.abs(off) < 3.5 * np.sqrt(np.diag(fitted.covariance)))


def test_s1_49_a_small_shop_is_pulled_towards_the_published_parameters_and_says_so() -> None:
    few = simulated(60, 5)
    shrunk = bgnbd.fit(few)
    assert shrunk.is_shrunk
    free = bgnbd.fit(few._replace(n=few.n * 10))  # the same histories, ten people each: no prior
    assert not free.is_shrunk
    distance = [float(np.abs(np.log(each.parameters) - np.log(bgnbd.PRIOR)).max()) for each in (shrunk, free)]
    assert distance[0] < distance[1]
    drawn = bgnbd.draws(shrunk, 500, 1)
    assert drawn.shape == (500, 4)
    assert np.array_equal(drawn, bgnbd.draws(shrunk, 500, 1))
