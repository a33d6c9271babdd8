"""A7: where the store cannot take a claim nothing is handed off, it is said so, and work goes on when it can again."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from memory.domain.message import Accepted
from memory.store.engine import StoreUnavailable
from tests.agent.dispatch.conftest import Desk, Scripted
from tests.factories.doing import LIVE_AT

OK = Accepted(receipt="r", at=LIVE_AT)


@pytest.fixture
def sender(desk: Desk) -> Scripted:
    desk.to_noon()
    return Scripted([OK])


def _path(desk: Desk) -> Path:
    return Path(str(desk.store.engine.url.database))


@contextmanager
def _with_pragma(desk: Desk, pragma: str) -> Iterator[None]:
    """Every connection opened from now on carries the pragma, until the end."""

    def set_it(raw: Any, _record: Any) -> None:
        raw.execute(f"PRAGMA {pragma}")

    desk.store.engine.dispose()
    event.listen(desk.store.engine, "connect", set_it)
    yield
    event.remove(desk.store.engine, "connect", set_it)
    desk.store.engine.dispose()


def test_a7_on_a_full_disk_no_claim_is_made_and_nothing_leaves_until_there_is_space(
    desk: Desk, sender: Scripted
) -> None:
    n_planned = len(desk.planned())
    with sqlite3.connect(_path(desk)) as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        n_pages = plain.execute("PRAGMA page_count").fetchone()[0]
        # a trigger that grows the file with every claim, so that the limit is met in the claim's own transaction
        plain.execute("CREATE TABLE growth (filler BLOB)")
        plain.execute(
            "CREATE TRIGGER grows AFTER UPDATE OF state ON outbox "
            "BEGIN INSERT INTO growth VALUES (zeroblob(20000)); END"
        )
    with _with_pragma(desk, f"max_page_count={n_pages + 8}"), pytest.raises(StoreUnavailable, match="full"):
        desk.run(sender)
    assert sender.journal == []
    assert desk.counts() == {("planned", ""): n_planned}
    desk.run(sender)
    assert len({message.send_key for message in sender.journal}) == len(sender.journal) == n_planned


def test_a7_a_store_that_cannot_be_written_hands_nothing_off(desk: Desk, sender: Scripted) -> None:
    n_planned = len(desk.planned())

    def read_only(raw: Any, *_: Any) -> None:
        raw.execute("PRAGMA query_only=ON")

    event.listen(desk.store.engine, "begin", lambda connection: read_only(connection.connection.dbapi_connection))
    with pytest.raises(StoreUnavailable, match="readonly"):
        desk.run(sender)
    assert sender.journal == []
    assert n_planned > 0


def test_a7_a_locked_store_is_said_and_passes(desk: Desk, sender: Scripted) -> None:
    n_planned = len(desk.planned())
    other = sqlite3.connect(_path(desk), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with _with_pragma(desk, "busy_timeout=50"), pytest.raises(StoreUnavailable, match="locked"):
        desk.run(sender)
    assert sender.journal == []
    other.execute("ROLLBACK")
    other.close()
    desk.run(sender)
    assert len(sender.journal) == n_planned
