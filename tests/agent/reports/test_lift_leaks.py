"""Who was reached while a plan's outcome was counted: from its go-live to the end of its window, or to now."""

from datetime import timedelta
from pathlib import Path

import pytest

from agent.reports.lift_leaks import reached
from memory.store.engine import open_store
from memory.store.tables import metadata
from tests.factories.doing import LIVE_AT
from tests.factories.sends import a_send
from tools.outcomes.window import OutcomeWindow

WINDOW = OutcomeWindow(starts_at=LIVE_AT, ends_at=LIVE_AT + timedelta(days=90))


@pytest.mark.parametrize(("as_of_day", "expected"), [(100, {"p0", "p60", "p89"}), (70, {"p0", "p60"})])
def test_s2_66_messages_after_the_window_or_after_the_reading_reach_nobody(
    tmp_path: Path, as_of_day: int, expected: set[str]
) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    metadata.create_all(store.engine)
    with store.unit_of_work() as uow:
        for day in (-1, 0, 60, 89, 90, 200):
            a_send(uow, "nord", f"k{day}", f"p{day}", "email", LIVE_AT + timedelta(days=day), plan_id="later")
        found = reached(uow, "nord", ("own",), LIVE_AT, WINDOW, LIVE_AT + timedelta(days=as_of_day))
    assert {row["person_id"] for row in found.to_pylist()} == expected
    assert not any(found["is_own"].to_pylist())
