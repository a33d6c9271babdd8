"""Gamma-Gamma: the published figures on the published data; rare buyers are taken for average ones."""

from collections import defaultdict
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from tools.predictions import gamma_gamma

TABLE = Path(__file__).parents[4] / "shared" / "data" / "cdnow_sample.parquet"


def test_s1_49_the_published_parameters_on_946_repeat_buyers() -> None:
    if not TABLE.exists():
        pytest.skip("the real table is not in ../shared/data")
    days: dict[int, dict[date, float]] = defaultdict(lambda: defaultdict(float))
    for row in pq.read_table(TABLE).to_pylist():
        if row["date"] <= date(1997, 9, 30):
            days[row["sample_id"]][row["date"]] += row["value"]
    again = [[each[day] for day in sorted(each)[1:]] for each in days.values()]
    known = [values for values in again if values and sum(values) > 0]
    assert len(known) == 946
    fitted = gamma_gamma.fit(np.array([float(len(v)) for v in known]), np.array([np.mean(v) for v in known]))
    assert (fitted.p, fitted.q, fitted.v) == pytest.approx((6.25, 3.74, 15.44), rel=0.005)


def test_s1_49_who_bought_little_is_expected_near_the_mean_and_who_bought_much_near_their_own() -> None:
    parameters = np.array([6.25, 3.74, 15.44])
    mean = 6.25 * 15.44 / 2.74
    unknown, once, often = gamma_gamma.expected_value(
        parameters, np.array([0.0, 1.0, 200.0]), np.array([999.0, 100.0, 100.0])
    )
    assert unknown == pytest.approx(mean)
    assert mean < once < 100
    assert often == pytest.approx(100, rel=0.02)


def test_s1_49_the_currency_changes_the_scale_and_nothing_else() -> None:
    generator = np.random.default_rng(1)
    x = generator.integers(1, 6, 700).astype(np.float64)
    m = generator.gamma(5.0, generator.gamma(4.0, 5.0, 700)) / 5
    small, large = gamma_gamma.fit(x, m), gamma_gamma.fit(x, m * 100)
    assert (small.p, small.q) == pytest.approx((large.p, large.q), rel=1e-3)
    assert large.v == pytest.approx(small.v * 100, rel=1e-3)
    assert gamma_gamma.draws(small, 7, 1).shape == (7, 3)
