import random
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import text

from memory.domain.clock import ManualClock
from memory.store.audit import AuditAnchor, AuditBroken, AuditLog
from memory.store.engine import Store
from tests.memory.store.audit_mutants import MUTATIONS, try_mutant

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


@pytest.mark.parametrize("name", sorted(MUTATIONS))
def test_d5_every_mutant_is_noticed_at_its_entry(name: str, log: Store, anchor: AuditAnchor) -> None:
    """Short form; `python -m tests.memory.store.audit_mutants` tries 1,000 on 10,000 entries."""
    with log.read() as uow:
        anchor.write(uow.audit)
    dice = random.Random(7)
    for seq in (1, 2, N // 2, N - 1, N):
        assert try_mutant(log, anchor, name, seq, N, dice), seq
    with log.read() as uow:
        assert anchor.verify(uow.audit) == N


def test_d5_planted_bug_a_chain_without_an_anchor_misses_a_cut_and_a_rebuild(log: Store) -> None:
    class Forgetful(AuditAnchor):
        def verify(self, log: AuditLog) -> int:
            return log.verify()

    weak, dice = Forgetful(Path("unused"), b""), random.Random(7)
    missed = {name for name in MUTATIONS if not try_mutant(log, weak, name, N - 2, N, dice)}
    assert missed == {"cut", "rebuild"}


def test_d5_a_missing_anchor_file_is_noticed(log: Store, anchor: AuditAnchor, tmp_path: Path) -> None:
    with log.read() as uow:
        anchor.write(uow.audit)
        (tmp_path / "audit.head").unlink()
        with pytest.raises(AuditBroken, match="anchor file is gone"):
            anchor.verify(uow.audit)


def test_d5_an_older_head_never_replaces_a_later_one(log: Store, anchor: AuditAnchor) -> None:
    with log.read() as uow:
        first, last = uow.audit.entries(limit=1)[0], uow.audit.head()
        assert last is not None
        anchor.note(last)
        anchor.note(first)
        assert anchor.verify(uow.audit) == N


def test_d5_a_line_break_makes_no_second_entry(store: Store, clock: ManualClock) -> None:
    with store.unit_of_work() as uow:
        entry = uow.audit.append("ann\n2 eve", "plan.draft\r\n", "plan:\u2028\x1b[2J", clock.now(), {"said": "a\nb"})
    assert entry.actor == "ann\\n2 eve"
    assert (entry.actor + entry.action + entry.subject).isprintable()
    with store.read() as uow:
        assert uow.audit.verify() == 1


def test_d5_the_anchor_follows_every_commit_and_no_rollback(
    store: Store, anchor: AuditAnchor, clock: ManualClock
) -> None:
    store.on_audit = anchor.note
    with store.unit_of_work() as uow:
        uow.audit.append("ann", "one", "x", clock.now())
    with pytest.raises(ZeroDivisionError), store.unit_of_work() as uow:
        uow.audit.append("ann", "two", "x", clock.now())
        raise ZeroDivisionError
    with store.read() as uow:
        assert anchor.verify(uow.audit) == 1
    _change(store, "DELETE FROM audit_entry")
    with store.read() as uow, pytest.raises(AuditBroken, match="cut"):
        anchor.verify(uow.audit)


@pytest.mark.slow
def test_d5_two_processes_make_one_chain_and_one_anchor(log: Store, anchor: AuditAnchor, tmp_path: Path) -> None:
    work = (
        "import sys; from datetime import UTC, datetime; from pathlib import Path\n"
        "from memory.store.audit import AuditAnchor; from memory.store.engine import open_store\n"
        "store = open_store(sys.argv[1])\n"
        "store.on_audit = AuditAnchor(Path(sys.argv[2]), sys.argv[3].encode()).note\n"
        "for n in range(30):\n"
        "    with store.unit_of_work() as uow:\n"
        "        uow.audit.append(sys.argv[4], 'test.write', f'n:{n}', datetime(2026, 1, 15, tzinfo=UTC))\n"
    )
    url, key = str(log.engine.url), "a key for tests only, 32 bytes.."
    command = [sys.executable, "-c", work, url, str(tmp_path / "audit.head"), key]
    writers = [subprocess.Popen([*command, name]) for name in ("ann", "bob")]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    with log.read() as uow:
        assert anchor.verify(uow.audit) == N + 60
        assert {entry.actor for entry in uow.audit.entries(after=N)} == {"ann", "bob"}


def test_d5_an_entry_written_by_a_clock_of_another_zone_holds_once_it_is_read_again(store: Store) -> None:
    with store.unit_of_work() as uow:
        uow.audit.append("ann", "plan.draft", "plan:1", datetime(2026, 1, 2, 9, 0, tzinfo=timezone(timedelta(hours=1))))
    with store.read() as uow:
        assert uow.audit.verify() == 1
