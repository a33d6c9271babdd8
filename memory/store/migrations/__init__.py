"""Alembic migrations, shipped inside the package; `Store.migrate` runs them, no configuration file is needed."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from memory.domain.errors import NotReady
from memory.faults import fault

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0032"
"""The newest revision; a test holds it against the folder, so that no start needs to import Alembic."""
LOCK_KEY = 0x5EC0_4D05  # any fixed number; it names the lock of migrations


def migrate(engine: Engine) -> str:
    """Bring the database to the newest revision and give it; two processes at once do it one after the other.

    Raise `NotReady` where the database was made by a newer version, or has tables without a revision.
    """
    with engine.connect() as connection:
        if _revision(connection) == HEAD:
            return HEAD
    with engine.connect() as connection:
        connection.info["begin"] = "BEGIN IMMEDIATE"
        with connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
            _upgrade(connection)
            fault("K12")
    return HEAD


def configuration(connection: Connection) -> "Config":
    """Give Alembic's configuration for a connection with an open transaction."""
    from alembic.config import Config

    found = Config()
    found.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    found.attributes["connection"] = connection
    return found


def revision_of(connection: Connection) -> str | None:
    """Give the revision of migrated tables, with one cheap query."""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.script import ScriptDirectory

    found = configuration(connection)
    revision = _revision(connection)
    known = {script.revision for script in ScriptDirectory.from_config(found).walk_revisions()}
    if revision is not None and revision not in known:
        raise NotReady(
            what="the database", why=f"revision {revision} is of a newer version", remedy="Update Second Order."
        )
    if revision is None and inspect(connection).has_table("shop"):
        raise NotReady(
            what="the database", why="it has tables without a revision", remedy="Point SECONDORDER_HOME elsewhere."
        )
    command.upgrade(found, "head")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return revision_of(connection)
