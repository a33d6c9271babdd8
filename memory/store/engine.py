"""The database behind the store: SQLite in WAL mode by default, PostgreSQL in production."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from threading import RLock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session

from memory.domain.errors import SecondOrderError

from .audit import AuditEntry
from .durable import ENDING, Mark
from .migrations import migrate, revision_of
from .turns import turn_of
from .unit_of_work import UnitOfWork
from .vault import Vault

BUSY_TIMEOUT_MS = 30_000
CACHE_KB, LARGE_CACHE_KB = 2_000, 256_000
"""What SQLite may hold of its file in memory, per connection."""


class StoreUnavailable(SecondOrderError):
    """The database cannot be used now: {why}. Nothing is half-done; see to space, open files and server, then retry."""

    http_status = 503


class Store:
    """Opens units of work on one database."""

    def __init__(self, engine: Engine) -> None:
        """Wrap an engine made by `open_store`."""
        self.engine = engine
        self.open_vault: Callable[[], Vault] | None = None
        """Gives the keys of secrets; set by the installation, read at each unit of work."""
        self.on_audit: Callable[[AuditEntry], None] | None = None
        """Hears of the last audit entry of each transaction once it is committed."""
        self.revision: str | None = None
        """The revision of the tables this version works on, once it migrated them."""
        self._turn: AbstractContextManager[object] = nullcontext()
        if engine.dialect.name == "sqlite":
            self._turn = _turn(engine)
        self._mark = _mark(engine)

    @contextmanager
    def unit_of_work(self, *, durable: bool = False, is_large: bool = False) -> Iterator[UnitOfWork]:
        """Give one write transaction; it commits when the block ends well and rolls back when it raises.

        `durable` makes the commit survive a power loss (claims); without it a crash of the machine,
        not of the process, may lose the last commits of SQLite. One that writes very many rows `is_large`: SQLite then
        keeps the pages of its indexes in memory instead of writing them out again and again.
        """
        number: int | None = None
        with _named_trouble(), self._turn, self._session(write=True, durable=durable, is_large=is_large) as session:
            uow = UnitOfWork(session, self.open_vault)
            yield uow
            if durable:
                number = self._counted(uow)
            session.commit()
            if self._mark is not None and number:
                self._mark.put(number)
        if self.on_audit is not None and uow.last_entry is not None:
            self.on_audit(uow.last_entry)

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        """Give one read transaction: a consistent snapshot that never blocks the writer; writing in it is an error."""
        with _named_trouble(), self._session(write=False) as session:
            yield UnitOfWork(session, self.open_vault)

    def migrate(self) -> None:
        """Bring the tables to the newest revision; safe to call at every start."""
        self.revision = migrate(self.engine)

    def is_left_behind(self, uow: UnitOfWork) -> bool:
        """Say whether another version migrated the tables since: this one must claim nothing any more."""
        return self.revision is not None and revision_of(uow.session.connection()) != self.revision

    def has_lost_commits(self, uow: UnitOfWork) -> bool:
        """Say whether commits that had to last are gone; ask in a unit of work, in which nobody else commits."""
        return self._mark is not None and uow.durable_commits.number() < self._mark.read()

    def is_behind(self) -> bool:
        """Say the same outside of a unit of work, while others may commit."""
        if self._mark is None:
            return False
        kept = self._mark.read()  # before the snapshot, which holds all it counted
        with self.read() as uow:
            return uow.durable_commits.number() < kept

    def _counted(self, uow: UnitOfWork) -> int | None:
        """Count a commit that must last; none where no file is kept, or while a loss stands that nobody saw to."""
        if self._mark is None or (self.has_lost_commits(uow) and not uow.durable_commits.is_loss_accepted):
            return None
        return uow.durable_commits.count()

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextmanager
    def _session(self, *, write: bool, durable: bool = False, is_large: bool = False) -> Iterator[Session]:
        with self.engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                _begin_sqlite(connection, write=write, durable=durable, is_large=is_large)
            elif not write:  # one snapshot for all statements, as SQLite gives it
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with Session(bind=connection, expire_on_commit=False, autoflush=True) as session:
                yield session


@contextmanager
def _named_trouble() -> Iterator[None]:
    """Turn what the database refuses (full, locked, read-only, no files, gone) into `StoreUnavailable`."""
    try:
        yield
    except DBAPIError as error:
        if not isinstance(error, OperationalError) and not error.connection_invalidated:
            raise
        raise StoreUnavailable(why=(str(error.orig).splitlines() or ["no answer"])[0]) from error


def _turn(engine: Engine) -> AbstractContextManager[object]:
    """Give the turn of a database file; a database in memory is for one process, which has its threads wait."""
    file = engine.url.database
    if not file or file == ":memory:":
        return RLock()
    return turn_of(Path(file).resolve(), os.getpid(), BUSY_TIMEOUT_MS / 1000)


def _mark(engine: Engine) -> Mark | None:
    """Give the file beside a SQLite store that remembers its commits; a store in memory and a server have none."""
    file = engine.url.database
    is_file = engine.dialect.name == "sqlite" and file and file != ":memory:"
    return Mark(Path(f"{file}{ENDING}")) if is_file else None


def _begin_sqlite(connection: Connection, *, write: bool, durable: bool, is_large: bool) -> None:
    connection.info["begin"] = "BEGIN IMMEDIATE" if write else "BEGIN"
    raw = connection.connection.dbapi_connection
    assert raw is not None
    raw.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
    raw.execute(f"PRAGMA query_only={'OFF' if write else 'ON'}")
    raw.execute(f"PRAGMA cache_size=-{LARGE_CACHE_KB if is_large else CACHE_KB}")


def open_store(url: str) -> Store:
    """Open the store at a SQLAlchemy address such as `sqlite:///home/secondorder.db` or `postgresql://...`."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return Store(create_engine(parsed, pool_pre_ping=True))
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000})
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return Store(engine)


def _on_connect(raw: Any, _record: Any) -> None:
    raw.isolation_level = None  # we begin transactions ourselves
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
        raw.execute(f"PRAGMA {pragma}")


def _on_begin(connection: Connection) -> None:
    connection.execute(text(connection.info.get("begin", "BEGIN")))
