"""Copies of a store for fault runs: a file on SQLite, a database of its own on PostgreSQL."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url

from agent.backup.rows import insert_lines, lines, tables
from memory.store.engine import open_store


def fresh_file(source: Path, path: Path) -> str:
    """Copy a SQLite store over `path` and give its address."""
    remove_file(path)
    shutil.copyfile(source, path)
    return f"sqlite:///{path}"


def remove_file(path: Path) -> None:
    """Remove a SQLite store with its log."""
    for ending in ("", "-wal", "-shm", "-claims"):
        Path(f"{path}{ending}").unlink(missing_ok=True)


def fresh_database(server: str, name: str, template: str = "template1") -> str:
    """Make a database anew from a template nobody is connected to, and give its address.

    `server` is an address whose database's name is written `{database}`.
    """
    engine = create_engine(server.format(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    engine.dispose()
    return server.format(database=name)


def copy_to_postgres(source: Path, server: str, name: str) -> str:
    """Copy every row of a SQLite store into a new database of the server, and give its address."""
    left, right = open_store(f"sqlite:///{source}"), open_store(fresh_database(server, name))
    right.migrate()
    with left.engine.connect() as old, right.engine.connect() as new, new.begin():
        for table in tables():
            insert_lines(new, table, lines(old, table))
    left.close()
    right.close()
    return server.format(database=name)


@contextmanager
def looking_at(url: str) -> Iterator[Connection]:
    """Look at a store through a connection that cannot write: what the judge does."""
    if make_url(url).get_backend_name() == "sqlite":
        path = make_url(url).database
        engine = create_engine(f"sqlite:///file:{path}?mode=ro&uri=true")
    else:
        engine = create_engine(url, connect_args={"options": "-c default_transaction_read_only=on"})
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def read_rows(url: str, query: str, **values: object) -> Sequence[Any]:
    """Give the rows of one query."""
    with looking_at(url) as connection:
        return connection.execute(text(query), values).all()
