from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import text

from memory.domain.clock import ManualClock
from memory.store.audit import AuditAnchor, AuditBroken
from memory.store.engine import Store

N = 40


@pytest.fixture
def log(store: Store, clock: ManualClock) -> Store:
    with store.unit_of_work() as uow:
        for n in range(N):
            uow.audit.append("ann", "plan.draft", f"plan:{n}", clock.now(), {"n": n, "said": "zwei\nZeilen"})
    return store


@pytest.fixture
def anchor(tmp_path: Path, key: bytes) -> AuditAnchor:
    return AuditAnchor(tmp_path / "audit.head", key)


def _change(store: Store, sql: str) -> None:
    with store.unit_of_work() as uow:
        uow.session.connection().execute(text(sql))


def test_an_honest_log_verifies(log: Store, anchor: AuditAnchor) -> None:
    with log.read() as uow:
        assert uow.audit.verify() == N
        anchor.write(uow.audit)
        assert anchor.verify(uow.audit) == N
        assert len(uow.audit.entries(after=N - 3)) == 3


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_entry SET actor = 'eve' WHERE seq = 7",
        "UPDATE audit_entry SET subject = 'plan:x' WHERE seq = 7",
        "UPDATE audit_entry SET detail = '{}' WHERE seq = 7",
        "UPDATE audit_entry SET at = '2020-01-01 00:00:00' WHERE seq = 7",
        "DELETE FROM audit_entry WHERE seq = 7",
        "UPDATE audit_entry SET entry_hash = previous_hash WHERE seq = 7",
    ],
)
def test_d5_an_edit_is_named_at_its_entry(log: Store, sql: str) -> None:
    _change(log, sql)
    with log.read() as uow, pytest.raises(AuditBroken, match="entry 7"):
        uow.audit.verify()


def test_d5_two_entries_that_changed_places_are_noticed(log: Store) -> None:
    for move in ("SET seq = 999 WHERE seq = 8", "SET seq = 8 WHERE seq = 9", "SET seq = 9 WHERE seq = 999"):
        _change(log, f"UPDATE audit_entry {move}")
    with log.read() as uow, pytest.raises(AuditBroken, match="entry 8"):
        uow.audit.verify()


def test_d5_a_cut_tail_is_noticed_by_the_anchor_only(log: Store, anchor: AuditAnchor) -> None:
    with log.read() as uow:
        anchor.write(uow.audit)
    _change(log, f"DELETE FROM audit_entry WHERE seq > {N - 5}")
    with log.read() as uow:
        assert uow.audit.verify() == N - 5
        with pytest.raises(AuditBroken, match="cut"):
            anchor.verify(uow.audit)


def test_d5_a_rebuilt_chain_is_noticed_by_the_anchor(log: Store, anchor: AuditAnchor, clock: ManualClock) -> None:
    with log.read() as uow:
        anchor.write(uow.audit)
    _change(log, "DELETE FROM audit_entry")
    with log.unit_of_work() as uow:
        for n in range(N):
            uow.audit.append("eve", "plan.draft", f"plan:{n}", clock.now())
        assert uow.audit.verify() == N
        with pytest.raises(AuditBroken, match="rebuilt"):
            anchor.verify(uow.audit)


def test_d5_a_forged_anchor_is_noticed(log: Store, anchor: AuditAnchor, tmp_path: Path) -> None:
    with log.read() as uow:
        anchor.write(uow.audit)
        path = tmp_path / "audit.head"
        path.write_text(path.read_text().replace("40 ", "39 ", 1))
        with pytest.raises(AuditBroken, match="forged"):
            anchor.verify(uow.audit)


def test_d5_two_writers_at_once_make_one_chain(store: Store, clock: ManualClock) -> None:
    def write(name: str) -> None:
        for n in range(10):
            with store.unit_of_work() as uow:
                uow.audit.append(name, "test.write", f"n:{n}", clock.now())

    writers = [Thread(target=write, args=(name,)) for name in ("ann", "bob")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with store.read() as uow:
        assert uow.audit.verify() == 20
