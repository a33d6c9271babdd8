"""A7 in short: a worker on a machine that fails under it; the long form is `python -m eval.faults storage`."""

from pathlib import Path
from typing import Any

import pytest

from eval.faults.preloads import NoPreload, WriteErrors, under_write_errors
from tests.eval.faults.conftest import FaultRun

pytestmark = pytest.mark.slow
ZERO = ("n_doubled", "n_lost", "n_unlisted")


def run(fault_run: FaultRun, tmp_path: Path, *words: str) -> tuple[int, Any]:
    return fault_run("storage", *words, environment=under_write_errors(tmp_path))


@pytest.mark.parametrize("provider", ["blind", pytest.param("keyed", marks=pytest.mark.long)])
def test_a7_random_write_errors_and_too_few_files_double_nothing_lose_nothing_and_are_said(
    fault_run: FaultRun, tmp_path: Path, provider: str
) -> None:
    """A real process: writes, syncs and cuts fail at random, or hardly a file may be opened; then all is well again."""
    code, report = run(fault_run, tmp_path, "--rounds", "4", "--provider", provider)
    assert (code, [report[name] for name in ZERO]) == (0, [0, 0, 0]), report
    assert report["n_messages"] > 4 * 40
    assert min(report["n_failed"].values()) > 0, report
    said = " ".join(report["said"])
    assert "disk I/O error" in said
    assert "unable to open database file" in said
    assert all("open files" in why for why in report["said"]), report
    assert provider == "blind" or report["n_unknown"] == 0


@pytest.mark.long
def test_a7_planted_a_hand_off_before_the_commit_of_its_claim_is_caught(fault_run: FaultRun, tmp_path: Path) -> None:
    words = ("--rounds", "4", "--provider", "blind", "--planted", "send-then-mark", "--trouble", "writes")
    code, report = run(fault_run, tmp_path, *words)
    assert code == 1
    assert report["n_doubled"] > 0, report


def test_a7_write_errors_can_be_steered_only_where_the_library_is_loaded() -> None:
    with pytest.raises(NoPreload, match="under_write_errors"):
        WriteErrors()
