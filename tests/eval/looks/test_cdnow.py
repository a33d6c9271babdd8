"""CUPED on the real purchases of CDNOW, and on made-up ones whose past says nothing."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from eval.looks.cdnow import COVARIATES, columns, cut, main, splits
from memory.domain.errors import NotFound

DATA = Path(__file__).parents[4] / "shared" / "data" / "cdnow_sample.parquet"
real = pytest.mark.skipif(not DATA.exists(), reason="the real data of ../shared/data are not here")


def lines(path: Path) -> Path:
    """Write 400 people: a first order, and one in each half year by the toss of a coin."""
    rng = np.random.default_rng(13)
    rows = []
    for person in range(400):
        days = [int(rng.integers(0, 90))] + [d for d in (180, 400) if rng.random() < 0.5]
        rows += [{"sample_id": person, "date": date(1997, 1, 1) + timedelta(days=day), "value": 20.0} for day in days]
    parquet.write_table(pa.Table.from_pylist(rows), path)
    return path


def test_people_without_a_later_order_are_kept_and_days_are_split(tmp_path: Path) -> None:
    people = columns(lines(tmp_path / "made_up.parquet"))
    assert len(people["orders"]) == 400
    assert set(people["repeats"]) == {0.0, 1.0}
    assert (people["n_orders"] >= 1).all() and (people["orders"] <= 1).all()
    assert (people["n_orders_13_weeks"] <= people["n_orders_26_weeks"]).all()
    assert (people["spend"] == 20 * people["orders"]).all()


def test_a_past_that_says_nothing_cuts_nothing(tmp_path: Path) -> None:
    found = cut(columns(lines(tmp_path / "made_up.parquet")), "repeats", 50, seed=1)
    assert abs(found.cut) < 0.03


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"no\.parquet"):
        main([str(tmp_path / "no.parquet")])


@pytest.mark.slow
@pytest.mark.shared_data
@real
def test_the_past_cuts_a_fifth_of_the_indicator_s_variance_and_biases_nothing() -> None:
    people = columns(DATA)
    assert len(people["orders"]) == 2_357 and len(COVARIATES) == 6
    assert cut(people, "repeats", 20, seed=2).cut >= 0.22
    assert cut(people, "orders", 20, seed=2).cut >= 0.40
    for outcome in ("repeats", "orders"):
        same = splits(people, outcome, 1_000, seed=3)
        assert abs(same.bias_in_errors) < 3
        assert 0.93 < same.covered < 0.97
