"""The lift of any experiment's table: figures, refusals as values, and bad tables as errors with a remedy."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
import pytest

from eval.experiment import ExperimentReport, measure, read
from eval.experiment.reading import Asked
from memory.domain.errors import InvalidInput
from memory.domain.experiment import Interval
from memory.domain.outcome import NotEstimable


def people(n: int = 8_000, seed: int = 1) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    before = rng.gamma(2.0, 10.0, n)
    arm = rng.integers(0, 2, n)
    bought = (rng.random(n) < 0.10 + 0.04 * arm).astype(np.int64)
    spend = np.where(bought > 0, before + rng.normal(50, 5, n), 0.0)
    place = np.where(np.arange(n) % 2 == 0, "city", "country")
    return {"arm": np.where(arm > 0, "mail", "control"), "bought": bought, "spend": spend, "before": before,
            "after": before + 3.0 * arm + rng.normal(0, 2, n), "place": place}  # fmt: skip


def table(folder: Path, columns: dict[str, Any], name: str = "people.parquet") -> Path:
    path, rows = folder / name, pa.table(columns)
    if path.suffix == ".csv":
        pc.write_csv(rows, path)
    else:
        pq.write_table(rows, path)
    return path


def report(path: Path, *outcomes: str, **more: Any) -> ExperimentReport:
    control = more.pop("control", None)
    asked = Asked("arm", outcomes or ("bought",), **more)
    return measure(read(path, asked), asked, control)


def test_s2_58_22_and_16_percent_are_6_points_and_37_5_percent_apart(tmp_path: Path) -> None:
    columns = {
        "arm": ["mail"] * 1_000 + ["control"] * 1_000,
        "bought": [1] * 220 + [0] * 780 + [1] * 160 + [0] * 840,
    }
    (arm,) = report(table(tmp_path, columns)).arms
    (one,) = arm.outcomes
    assert isinstance(one.difference, Interval)
    assert isinstance(one.relative_lift, Interval)
    assert one.difference.estimate == pytest.approx(6.0)
    assert one.relative_lift.estimate == pytest.approx(0.375)
    assert one.difference.low < 6.0 < one.difference.high
    assert one.is_share


def test_the_same_rows_as_csv_give_the_same_report(tmp_path: Path) -> None:
    columns = people()
    as_csv = report(table(tmp_path, columns, "people.csv"), "bought", "spend", covariates=("before",), by="place")
    as_parquet = report(table(tmp_path, columns), "bought", "spend", covariates=("before",), by="place")
    first, second = (
        [one.difference.estimate for arm in each.arms for one in arm.outcomes if isinstance(one.difference, Interval)]
        for each in (as_csv, as_parquet)
    )
    assert first == pytest.approx(second)
    assert [slice_.value for slice_ in as_csv.slices] == ["city", "country"]
    assert sum(slice_.arms[0].n_treated for slice_ in as_csv.slices) == as_csv.arms[0].n_treated


def test_a_covariate_narrows_the_interval_and_keeps_the_truth(tmp_path: Path) -> None:
    held = 0
    for seed in range(20):
        path = table(tmp_path, people(2_000, seed))
        (one,) = report(path, "after", covariates=("before",)).arms[0].outcomes
        assert isinstance(one.difference, Interval)
        assert isinstance(one.adjusted_difference, Interval)
        assert one.variance_cut is not None
        assert one.variance_cut > 0.9
        plain = one.difference.high - one.difference.low
        assert (one.adjusted_difference.high - one.adjusted_difference.low) < 0.4 * plain
        held += one.adjusted_difference.low <= 3.0 <= one.adjusted_difference.high
    assert held >= 17


def test_amounts_of_few_buyers_are_not_estimable_and_shares_are(tmp_path: Path) -> None:
    (arm,) = report(table(tmp_path, people(600)), "spend", "bought", covariates=("before",)).arms
    spend, bought = arm.outcomes
    assert isinstance(spend.difference, NotEstimable)
    assert spend.difference.code == "too_few_buyers"
    assert spend.adjusted_difference == spend.difference
    assert isinstance(bought.difference, Interval)


def test_a_slice_without_one_arm_says_so(tmp_path: Path) -> None:
    columns = people(400) | {"place": np.where(people(400)["arm"] == "mail", "x", "y")}
    found = report(table(tmp_path, columns), "bought", by="place", covariates=("before",))
    only_mail = found.slices[0].arms[0].outcomes[0]
    assert isinstance(only_mail.difference, NotEstimable)
    assert only_mail.difference.code == "no_control_group"


def test_a_wrong_sample_ratio_is_suspicious(tmp_path: Path) -> None:
    asked = Asked("arm", ("bought",))
    found = measure(read(table(tmp_path, people()), asked), asked, None, control_rate=0.4)
    assert found.arms[0].sample_ratio.is_suspicious


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Asked("arms", ("bought",)), "no column arms"),
        (Asked("arm", ("sold",)), "no column sold"),
        (Asked("arm", ("place",)), "place holds no numbers"),
        (Asked("arm", ("bought",), covariates=("place",)), "place holds no numbers"),
        (Asked("arm", ("bought",), by="before"), "more than 100"),
        (Asked("before", ("bought",)), "more than 20"),
        (Asked("arm", ()), "no outcome"),
        (Asked("arm", ("bought", "bought")), "named twice"),
    ],
)
def test_a_question_that_does_not_fit_the_table_names_the_remedy(tmp_path: Path, asked: Asked, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        read(table(tmp_path, people(300)), asked)


def test_a_control_that_cannot_be_told_is_asked_for(tmp_path: Path) -> None:
    path = table(tmp_path, people(300) | {"arm": ["a", "b", "c"] * 100})
    with pytest.raises(InvalidInput, match="--control: a, b, c"):
        report(path)
    assert [arm.arm for arm in report(path, control="b").arms] == ["a", "c"]
    with pytest.raises(InvalidInput, match="no row has 'z'"):
        report(path, control="z")


def test_an_empty_arm_an_empty_cell_and_no_table_are_errors(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="only mail"):
        report(table(tmp_path, people(100) | {"arm": ["mail"] * 100}))
    gaps = people(100) | {"bought": pa.array([None, *[1.0] * 99])}
    with pytest.raises(InvalidInput, match="1 rows have no value in bought"):
        report(table(tmp_path, gaps))
    infinite = people(100) | {"bought": [float("inf"), *[1.0] * 99]}
    with pytest.raises(InvalidInput, match="no value in bought"):
        report(table(tmp_path, infinite))
    broken = tmp_path / "x.parquet"
    broken.write_bytes(b"PAR1 nothing")
    with pytest.raises(InvalidInput, match="cannot be read"):
        report(broken)
    with pytest.raises(InvalidInput, match=r"\.csv, \.tsv or \.parquet"):
        report(tmp_path / "x.xlsx")


def test_names_with_quotes_are_names(tmp_path: Path) -> None:
    columns = people(400)
    odd = {'a"rm': columns["arm"], "bou'ght; drop": columns["bought"]}
    asked = Asked('a"rm', ("bou'ght; drop",))
    found = measure(read(table(tmp_path, odd, "it's.parquet"), asked), asked)
    assert found.arms[0].n_treated + found.arms[0].n_control == 400
