"""Whether anything was committed since, on both databases."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from memory.domain.switch import KillSwitch
from memory.store.changes import Changes
from memory.store.engine import Store, open_store

AT = datetime(2026, 1, 15, 12, tzinfo=UTC)


def _commit(store: Store, reason: str) -> None:
    with store.unit_of_work() as uow:
        uow.switches.put(KillSwitch(scope="nord", is_stopped=True, set_by="mia", set_at=AT, reason=reason))


def test_i13_marks_are_equal_until_somebody_commits(any_store: Store) -> None:
    with Changes(any_store.engine) as changes:
        first = changes.mark()
        with any_store.read() as uow:
            assert not uow.switches.is_stopped("nord")
        assert changes.mark() == first, "reading changes nothing"
        _commit(any_store, "once")
        second = changes.mark()
        assert second != first
        assert changes.mark() == second
        _commit(any_store, "twice")
        assert changes.mark() not in (first, second)


def test_i13_an_open_transaction_counts_from_its_commit_on(any_store: Store) -> None:
    with Changes(any_store.engine) as changes:
        with any_store.unit_of_work() as uow:
            uow.switches.put(KillSwitch(scope="nord", is_stopped=True, set_by="mia", set_at=AT))
            while_open = changes.mark()
            assert changes.mark() == while_open
        assert changes.mark() != while_open


def test_i13_another_process_is_seen_too(any_store: Store) -> None:
    url = any_store.engine.url.render_as_string(hide_password=False)
    code = (
        "import sys; from memory.store.engine import open_store; from tests.memory.store.test_changes import _commit; "
        "_commit(open_store(sys.argv[1]), 'from elsewhere')"
    )
    with Changes(any_store.engine) as changes:
        first = changes.mark()
        subprocess.run([sys.executable, "-c", code, url], check=True)
        assert changes.mark() != first


def test_in_an_in_memory_database_no_two_marks_are_equal() -> None:
    store = open_store("sqlite:///:memory:")
    with Changes(store.engine) as changes:
        assert changes.mark() != changes.mark()
    store.close()


def test_a7_no_two_marks_are_equal_where_the_database_does_not_answer(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}")  # a folder is no database
    with Changes(store.engine) as changes:
        assert changes.mark() != changes.mark()


def test_a7_a_mark_of_a_connection_that_was_lost_is_never_met_again(any_store: Store) -> None:
    with Changes(any_store.engine) as changes:
        first = changes.mark()
        changes._connection.driver_connection.close()
        lost, again = changes.mark(), changes.mark()
    assert len({first, lost, again}) == 3
