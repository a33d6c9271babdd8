"""A1 in short: SIGKILL at every fault point, judged by the provider's journal; the long form is `make faults`."""

import pytest

from memory.faults import FaultsRefused, arm, fault, listen
from tests.eval.faults.conftest import FaultRun


@pytest.mark.slow
@pytest.mark.parametrize("provider", ["keyed", pytest.param("blind", marks=pytest.mark.long)])
def test_a1_kill_9_at_every_point_doubles_nothing_and_loses_nothing(fault_run: FaultRun, provider: str) -> None:
    code, report = fault_run("kills", "--kills", "14", "--provider", provider)
    assert code == 0, report
    assert report["n_kills"] >= 14
    assert all(n > 0 for n in report["kills"].values())
    assert report["n_doubled"] == report["n_lost"] == report["n_unlisted"] == report["n_wrong_commits"] == 0
    assert provider == "blind" or report["n_unknown"] == 0


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.postgres
@pytest.mark.parametrize("provider", ["keyed", "blind"])
def test_a1_kill_9_at_every_point_on_postgresql(fault_run: FaultRun, postgres_address: str, provider: str) -> None:
    code, report = fault_run("kills", "--kills", "14", "--provider", provider, "--postgres", postgres_address)
    assert code == 0, report
    assert all(n > 0 for n in report["kills"].values())
    assert report["n_doubled"] == report["n_lost"] == report["n_unlisted"] == report["n_wrong_commits"] == 0


@pytest.mark.slow
@pytest.mark.parametrize("bug", [pytest.param("send-then-mark", marks=pytest.mark.long), "retry-stale"])
def test_a1_planted_bugs_are_caught(fault_run: FaultRun, bug: str) -> None:
    code, report = fault_run("kills", "--kills", "12", "--provider", "blind", "--planted", bug)
    assert code == 1
    assert report["n_doubled"] > 0


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.postgres
def test_a1_a_planted_bug_is_caught_on_postgresql(fault_run: FaultRun, postgres_address: str) -> None:
    words = ("--kills", "12", "--provider", "blind", "--planted", "retry-stale", "--postgres", postgres_address)
    code, report = fault_run("kills", *words)
    assert (code, report["n_doubled"] > 0) == (1, True), report


def test_a1_faults_can_be_armed_in_a_test_profile_only() -> None:
    with pytest.raises(FaultsRefused, match="production"):
        arm("K5", "production")
    with pytest.raises(FaultsRefused, match="production"):
        listen(print, "production")
    with pytest.raises(FaultsRefused, match="K99"):
        arm("K99", "test")
    arm("", "production")


def test_a1_a_listener_hears_every_point_until_it_is_told_to_stop() -> None:
    heard: list[str] = []
    listen(heard.append, "test")
    fault("K1")
    listen(None, "test")
    fault("K2")
    assert heard == ["K1"]
