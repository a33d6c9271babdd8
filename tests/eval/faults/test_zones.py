"""Quiet hours across clock changes (B3), sampled; the long form is `python -m eval.faults.zones`."""

from datetime import timedelta

import pytest

from eval.faults import zones
from eval.faults.zones import probe
from tools.timing import is_allowed


@pytest.mark.slow
def test_b3_both_checkers_agree_with_the_wall_clock_around_clock_changes() -> None:
    report = probe(12, seed=3)
    assert report.holds, report
    assert (report.n_transitions, report.n_probes) == (12, 12 * 2 * 150)


def test_b3_a_naive_offset_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted bug: the offset of the day before is taken for the day after."""
    late = timedelta(hours=1)
    monkeypatch.setattr(zones, "is_allowed", lambda at, names, windows: is_allowed(at - late, names, windows))
    assert not probe(2, seed=3).holds
