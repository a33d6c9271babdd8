"""A8 in short: the wall clock jumps between claim, hand-off, mark and recovery; long: `eval.faults clocks`."""

from pathlib import Path

import pytest

from eval.faults.clocks import jump_many

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("provider", ["keyed", "blind"])
def test_a8_a_clock_that_jumps_doubles_nothing_and_passes_no_cap_or_hour(tmp_path: Path, provider: str) -> None:
    report = jump_many(tmp_path, 3, provider, seed=8)  # type: ignore[arg-type]
    assert report.is_good, report
    assert report.n_jumps > 5
    assert report.n_delivered > 0


@pytest.mark.postgres
def test_a8_a_clock_that_jumps_on_postgresql(tmp_path: Path, postgres_address: str) -> None:
    report = jump_many(tmp_path, 2, "blind", seed=9, server=postgres_address)
    assert report.is_good, report
    assert report.n_jumps > 2
