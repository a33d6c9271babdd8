"""The short form: in a small shop every event is decided."""

import pytest

from eval.faults.event_latency import BUDGET_SECONDS, Result, run

pytestmark = pytest.mark.slow


@pytest.mark.long
def test_s2_03_every_event_is_decided_and_planned() -> None:
    found = run(50, n_events=4, rate=20)
    assert (found.n_decided, found.n_planned) == (4, 4)
    assert 0 < found.p50 <= found.p95 <= found.worst


def test_s2_03_a_slow_or_a_lost_decision_breaks_the_figure() -> None:
    assert Result(1, 10, 10, 10, 1.0, BUDGET_SECONDS, 9.0).holds
    assert not Result(1, 10, 10, 10, 1.0, BUDGET_SECONDS + 0.1, 9.0).holds
    assert not Result(1, 10, 9, 9, 1.0, 2.0, 2.0).holds
