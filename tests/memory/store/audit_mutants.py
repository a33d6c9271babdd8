"""Mutants of an audit log, each undone again: `python -m tests.memory.store.audit_mutants` runs the long form (D5).

The oracle is the verifier of a log that somebody with the database changed and who has no key of the anchor.
"""

import argparse
import random
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from memory.store.audit import AuditAnchor, AuditBroken, AuditLog, AuditRow, _entry_hash
from memory.store.engine import Store, open_store
from memory.store.unit_of_work import UnitOfWork

AT = datetime(2026, 1, 15, 12, tzinfo=UTC)
KEY = b"a key for tests only, 32 bytes.."
Mutation = Callable[[UnitOfWork, int, int, random.Random], int]


def fill(store: Store, anchor: AuditAnchor, n_entries: int) -> None:
    """Write a log of so many entries and anchor it."""
    with store.unit_of_work() as uow:
        for n in range(n_entries):
            uow.audit.append(f"p{n % 7}", "plan.draft", f"plan:{n}", AT, {"n": n})
        anchor.write(uow.audit)


def _sql(uow: UnitOfWork, statement: str, **values: Any) -> None:
    uow.session.connection().execute(text(statement), values)


def _edit(column: str, value: Any) -> Mutation:
    def mutate(uow: UnitOfWork, seq: int, _n: int, _dice: random.Random) -> int:
        _sql(uow, f"UPDATE audit_entry SET {column} = :value WHERE seq = :seq", value=value, seq=seq)
        return seq

    return mutate


def _delete(uow: UnitOfWork, seq: int, n: int, _dice: random.Random) -> int:
    _sql(uow, "DELETE FROM audit_entry WHERE seq = :seq", seq=seq)
    return seq


def _swap(uow: UnitOfWork, seq: int, n: int, _dice: random.Random) -> int:
    other = seq + 1 if seq < n else seq - 1
    for old, new in ((seq, n + 9), (other, seq), (n + 9, other)):
        _sql(uow, "UPDATE audit_entry SET seq = :new WHERE seq = :old", old=old, new=new)
    return min(seq, other)


def _insert(uow: UnitOfWork, seq: int, n: int, _dice: random.Random) -> int:
    """Put a well-made entry in between and move everything behind it on by one."""
    _sql(uow, "UPDATE audit_entry SET seq = -seq - 1 WHERE seq >= :seq", seq=seq)
    _sql(uow, "UPDATE audit_entry SET seq = -seq WHERE seq < 0")
    before = uow.audit.entries(after=seq - 2, limit=1) if seq > 1 else []
    _forged(uow, seq, before[0].entry_hash if before else "")
    return seq + 1


def _forged(uow: UnitOfWork, seq: int, previous: str) -> str:
    body: dict[str, Any] = {
        "seq": seq,
        "actor": "eve",
        "action": "approval.approve",
        "subject": "plan:x",
        "at": AT,
        "detail": {},
        "previous_hash": previous,
    }
    uow.session.merge(AuditRow(**body, entry_hash=_entry_hash(body)))
    uow.session.flush()
    return _entry_hash(body)


def _cut(uow: UnitOfWork, seq: int, n: int, _dice: random.Random) -> int:
    _sql(uow, "DELETE FROM audit_entry WHERE seq >= :seq", seq=seq)
    return seq


def _rebuild(uow: UnitOfWork, seq: int, n: int, _dice: random.Random) -> int:
    """Edit one entry and give every later one a right hash: the chain holds, its end is another."""
    previous = uow.audit.entries(after=seq - 2, limit=1)[0].entry_hash if seq > 1 else ""
    previous = _forged(uow, seq, previous)
    for entry in [one for start in range(seq, n, 1_000) for one in uow.audit.entries(after=start, limit=1_000)]:
        body = {**entry.model_dump(exclude={"entry_hash"}), "previous_hash": previous}
        row = uow.session.get(AuditRow, entry.seq)
        assert row is not None
        row.previous_hash, row.entry_hash = previous, _entry_hash(body)
        previous = row.entry_hash
        uow.session.add(row)
    uow.session.flush()
    return n


MUTATIONS: dict[str, Mutation] = {
    "actor": _edit("actor", "eve"),
    "action": _edit("action", "plan.forged"),
    "subject": _edit("subject", "plan:forged"),
    "detail": _edit("detail", '{"n": -1}'),
    "at": _edit("at", "2020-01-01 00:00:00.000000"),
    "previous_hash": _edit("previous_hash", "0" * 64),
    "entry_hash": _edit("entry_hash", "0" * 64),
    "newline": _edit("actor", "ann\n2 eve approval.approve"),
    "delete": _delete,
    "swap": _swap,
    "insert": _insert,
    "cut": _cut,
    "rebuild": _rebuild,
}


class Undo(Exception):
    """Ends a transaction without its changes."""


def try_mutant(store: Store, anchor: AuditAnchor, name: str, seq: int, n: int, dice: random.Random) -> bool:
    """Change the log, verify, and undo; say whether it was noticed at the entry that was changed, or before."""
    noticed = False
    try:
        with store.unit_of_work() as uow:
            first = MUTATIONS[name](uow, seq, n, dice)
            uow.session.expire_all()
            try:
                anchor.verify(AuditLog(uow.session))
            except AuditBroken as broken:
                noticed = broken.details["seq"] == first
            raise Undo
    except Undo:
        return noticed


def run(store: Store, anchor: AuditAnchor, n_entries: int, n_mutants: int, seed: int) -> list[str]:
    """Try so many mutants and give those that went unnoticed or were named at another entry."""
    dice, names = random.Random(seed), sorted(MUTATIONS)
    escaped = []
    for number in range(n_mutants):
        name, seq = names[number % len(names)], dice.randint(1, n_entries)
        if not try_mutant(store, anchor, name, seq, n_entries, dice):
            escaped.append(f"{name} at {seq}")
    return escaped


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--mutants", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'log.db'}")
        store.migrate()
        anchor = AuditAnchor(Path(folder) / "audit.head", KEY)
        fill(store, anchor, given.entries)
        escaped = run(store, anchor, given.entries, given.mutants, given.seed)
        store.close()
    n_caught = given.mutants - len(escaped)
    print(f"{n_caught} of {given.mutants} mutants of {given.entries} entries noticed (seed {given.seed})")
    for line in escaped:
        print(f"  unnoticed: {line}")
    raise SystemExit(1 if escaped else 0)


if __name__ == "__main__":
    main()
