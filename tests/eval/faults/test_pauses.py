"""A4 in short: workers that stop past their lease and go on; the long form is `python -m eval.faults pauses`."""

from typing import Any

import pytest

from tests.eval.faults.conftest import FaultRun

pytestmark = pytest.mark.slow
ZERO = ("n_doubled", "n_lost", "n_unlisted", "n_late_hand_offs", "n_late_marks")


def wrongs(report: dict[str, Any]) -> dict[str, int]:
    return {name: report[name] for name in ZERO if report[name]}


@pytest.mark.parametrize(("provider", "n"), [
    ("keyed", 2),
    pytest.param("keyed", 7, marks=pytest.mark.long),
    pytest.param("blind", 7, marks=pytest.mark.long),
])  # fmt: skip
def test_a4_a_worker_stopped_past_its_lease_hands_off_and_marks_nothing_afterwards(
    fault_run: FaultRun, provider: str, n: int
) -> None:
    """Three workers at once, one stopped at each of seven points in turn; an heir takes over; then SIGCONT."""
    code, report = fault_run("pauses", "--pauses", str(n), "--provider", provider)
    assert (code, wrongs(report)) == (0, {})
    assert report["n_pauses"] == n
    assert report["n_messages"] > n * 30


@pytest.mark.long
@pytest.mark.postgres
@pytest.mark.parametrize("provider", ["keyed", "blind"])
def test_a4_a_stopped_worker_on_postgresql(fault_run: FaultRun, postgres_address: str, provider: str) -> None:
    code, report = fault_run("pauses", "--pauses", "3", "--provider", provider, "--postgres", postgres_address)
    assert (code, wrongs(report)) == (0, {})
    assert report["n_pauses"] == 3


@pytest.mark.long
def test_a4_sixteen_workers_on_one_campaign_hand_off_each_message_once(fault_run: FaultRun) -> None:
    code, report = fault_run("pauses", "--pauses", "1", "--provider", "blind", "--workers", "16")
    assert (code, wrongs(report)) == (0, {})


@pytest.mark.parametrize(("bug", "provider", "caught"), [
    ("no-fence", "blind", "n_late_hand_offs"),
    pytest.param("late-mark", "blind", "n_late_marks", marks=pytest.mark.long),
])  # fmt: skip
def test_a4_planted_a_worker_that_ignores_the_fence_is_caught(
    fault_run: FaultRun, bug: str, provider: str, caught: str
) -> None:
    code, report = fault_run("pauses", "--pauses", "3", "--provider", provider, "--planted", bug)
    assert code == 1
    assert report[caught] > 0, report
