"""Erasing a person everywhere: journal, store, lake, recall, mails on disk; then the database is written anew.

The journal comes first and the store second: from that commit on nothing more is sent. What follows can be repeated
after a crash, because the journal knows the pseudonyms that the store has forgotten.
"""

from collections.abc import Sequence
from email import policy
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from memory.domain.base import Count, Frozen, Instant
from memory.lake.forgetting import forget_people
from memory.store.engine import Store
from memory.store.unit_of_work import UnitOfWork
from tools.identity.keys import subject_id

from .journal import JournalEntry

if TYPE_CHECKING:
    from agent.assembly import App

MAIL_FOLDERS = "*.eml"


class Erased(Frozen):
    """What an erasure removed; counts only."""

    at: Instant
    """When."""
    shops: tuple[str, ...]
    """Shops that held something."""
    n_records: Count
    """Pseudonyms the person had."""
    n_addresses: Count
    """Addresses that stay suppressed, as keyed hashes."""
    store: dict[str, Count]
    """Rows per table."""
    lake: dict[str, Count]
    """Rows per table, over all versions."""
    n_notes: Count = 0
    """Notes that named the person."""
    n_mails: Count = 0
    """Mails on disk that were addressed to the person."""


def erase_person(app: "App", person_id: str, reason: str, by: str) -> Erased:
    """Erase a person in every shop and every place, on the word of `by`; raises nothing for one erased before."""
    now, journal = app.clock.now(), app.erasure_journal
    with app.store.read() as uow:
        subjects = uow.erasures.subjects(person_id)
        for known in journal.entries():
            if subjects & set(known.subjects):
                subjects |= set(known.subjects)
        subjects |= _by_address(uow, app.key, subjects)
        shops = uow.erasures.shops(subjects)
        addresses = uow.erasures.address_keys(subjects)
        literals = uow.erasures.literals(subjects)
    entry = JournalEntry(
        at=now, subjects=tuple(sorted(subjects)), shops=shops, addresses=tuple(addresses), reason=reason
    )
    journal.append(entry)
    with app.store.unit_of_work(durable=True) as uow:
        rows = uow.erasures.erase(entry.subjects, shops, addresses, now)
        for table, n in uow.erasures.scrub(literals).items():
            rows[table] = rows.get(table, 0) + n
        detail = {"n_records": len(subjects), "n_addresses": len(addresses), "reason": reason}
        uow.audit.append(by, "person.erase", f"person:{person_id}", now, detail)
    lake = _forget_in_lake(app, entry.subjects)
    n_notes = app.recall.purge(literals)
    n_mails = _forget_mails(app, literals)
    compact(app.store)
    return Erased(
        at=now,
        shops=shops,
        n_records=len(subjects),
        n_addresses=len(addresses),
        store=rows,
        lake=lake,
        n_notes=n_notes,
        n_mails=n_mails,
    )


def reapply(app: "App") -> int:
    """Erase everybody in the journal once more, such as after a backup was restored; give how many entries."""
    entries = app.erasure_journal.entries()
    if not entries:
        return 0
    subjects: set[str] = set()
    with app.store.unit_of_work(durable=True) as uow:
        for entry in entries:
            own = set(entry.subjects).union(*(uow.erasures.subjects(subject) for subject in entry.subjects))
            literals = uow.erasures.literals(own)
            shops = sorted({*entry.shops, *uow.erasures.shops(own)})
            known = {shop.shop_id for shop in uow.shops.all()}
            keys = [*entry.addresses, *uow.erasures.address_keys(own)]
            uow.erasures.erase(own, [shop for shop in shops if shop in known], keys, entry.at)
            uow.erasures.scrub(literals)
            subjects |= own
            _forget_mails(app, literals)
            app.recall.purge(literals)
    _forget_in_lake(app, sorted(subjects))
    compact(app.store)
    return len(entries)


def compact(store: Store) -> None:
    """Write the database anew, so that no freed page or log keeps what was deleted.

    On PostgreSQL this is a plain VACUUM; its write-ahead log and its own backups age out by the server's rules.
    """
    with store.engine.connect() as connection:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        if connection.dialect.name == "sqlite":
            raw = connection.connection.dbapi_connection
            assert raw is not None
            if raw.in_transaction:
                raw.rollback()
            for statement in ("PRAGMA query_only=OFF", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                raw.execute(statement).fetchall()
        else:
            connection.execute(text("VACUUM"))


def _by_address(uow: UnitOfWork, key: bytes, subjects: set[str]) -> set[str]:
    """Pseudonyms that their addresses would give: a record that names only an address is theirs as well."""
    found: set[str] = set()
    for shop_id in uow.erasures.shops(subjects):
        for contact in uow.contacts.by_person(shop_id, subjects).values():
            found |= {subject_id(key, "email", contact.email)} if contact.email else set()
            found |= {subject_id(key, "phone", contact.phone)} if contact.phone else set()
    return found - subjects


def _forget_in_lake(app: "App", subjects: Sequence[str]) -> dict[str, int]:
    """Facts and decisions are written under this lock, so nobody writes meanwhile."""
    with app.store.unit_of_work() as uow:
        uow.versions.lock()
        return forget_people(app.lake, subjects)


def _forget_mails(app: "App", literals: Sequence[str]) -> int:
    """Delete mails in the mailbox folder that are addressed to the person."""
    folder: Path = app.settings.mailbox
    wanted = {literal.casefold() for literal in literals if "@" in literal}
    parser, n_mails = BytesHeaderParser(policy=policy.default), 0
    for file in sorted(folder.rglob(MAIL_FOLDERS)) if wanted and folder.is_dir() else ():
        with file.open("rb") as opened:
            header = parser.parse(opened)["To"]
        if any(address.addr_spec.casefold() in wanted for address in getattr(header, "addresses", ())):
            file.unlink()
            n_mails += 1
    return n_mails
