"""The short form: every kind of change to a session is refused, and a check that checks nothing is noticed."""

import pytest

from eval.faults import session_mutants
from eval.faults.session_mutants import run

pytestmark = pytest.mark.slow


def test_c7_every_mutant_is_refused_and_replays_open_no_connection() -> None:
    found = run(92, seed=11, n_sessions=2)
    assert found.holds, found
    assert found.n_replays == 2
    assert set(found.classes) == {"byte", "reorder", "splice", "drop", "tail", "head", "seal", "forge", "cut", "link",
                                  "tenant", "stranger", "binary", "frames", "unbundle", "unsign", "resign"}  # fmt: skip


def test_c7_a_planted_loader_that_trusts_everything_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_mutants, "read_bundle", lambda *_: None)
    monkeypatch.setattr(session_mutants, "_replays", lambda _: (1, 0))
    found = run(12, n_sessions=1)
    assert (found.n_detected, found.holds) == (0, False)
