"""A10: a newer version migrates the database while a worker of the older one is at work."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy

from agent.dispatch import DispatchReport, dispatch
from eval.faults.databases import copy_to_postgres, fresh_database, fresh_file, read_rows
from eval.faults.oracle import judge
from eval.faults.provider import LoopbackSender, serving
from memory.domain.clock import ManualClock
from memory.domain.message import HandOff, Rendered
from memory.store import migrations
from memory.store.engine import Store, open_store
from tests.agent.dispatch.conftest import KEY
from tests.factories.doing import LIVE_AT, World
from tests.servers.postgres import drop_database

pytestmark = pytest.mark.slow
NOON = LIVE_AT + timedelta(days=1, hours=10)
BY = "SELECT worker, count(*) FROM outbox WHERE state IN ('sent', 'unknown') GROUP BY worker"
ADDS = "0018_targets_of_messages.py"
NEXT = '''"""The outbox is rebuilt with a column more."""
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "%s"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox", recreate="auto") as table:
        table.add_column(sa.Column("note", sa.String(), nullable=False, server_default=""))
        table.alter_column("reason", type_=sa.Text())
'''
"""On SQLite Alembic copies the table and drops the old one; PostgreSQL locks it."""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.long])])
def url(request: pytest.FixtureRequest, planned_database: tuple[Path, World], tmp_path: Path) -> Iterator[str]:
    """A database of this version with a live plan and messages that wait."""
    if request.param == "sqlite":
        yield fresh_file(planned_database[0], tmp_path / "upgraded.db")
        return
    server, name = request.getfixturevalue("postgres_address"), f"upgrade_{uuid4().hex[:12]}"
    copy_to_postgres(planned_database[0], server, f"{name}_from")
    yield fresh_database(server, name, f"{name}_from")
    drop_database(server, name)
    drop_database(server, f"{name}_from")


@pytest.fixture(params=["adds", "rebuilds"])
def before(request: pytest.FixtureRequest, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Put a migration before the newer version, and give the revision the older one knows.

    Either it adds a table, by the file of one that was shipped, or it rebuilds the outbox. The older version is this
    one: it could not run on a database that lacks what its own migrations made.
    """
    folder, known, shipped = tmp_path / "migrations", migrations.configuration, migrations.HEAD
    shutil.copytree(Path(migrations.__file__).parent, folder)
    text = NEXT % shipped
    if request.param == "adds":
        text = (folder / "versions" / ADDS).read_text(encoding="utf-8")
        text = text.replace(f"'{ADDS[:4]}'", "'9999'").replace(f"'{int(ADDS[:4]) - 1:04}'", f"'{shipped}'")
        with closing(open_store(url)) as store, store.engine.begin() as connection:
            connection.execute(sqlalchemy.text("DROP TABLE message_target"))
    (folder / "versions" / "9999_next.py").write_text(text, encoding="utf-8")

    def configuration(connection: Any) -> Any:
        found = known(connection)
        found.set_main_option("script_location", str(folder))
        return found

    monkeypatch.setattr(migrations, "configuration", configuration)
    monkeypatch.setattr(migrations, "HEAD", "9999")
    return shipped


class Upgrading(LoopbackSender):
    """In the middle of its run somebody migrates the database: begun beside the third message, done by the sixth."""

    def __init__(self, port: int, kind: Any, clock: ManualClock, newer: Store) -> None:
        super().__init__(port, kind, clock)
        self.n, self._migration = 0, threading.Thread(target=newer.migrate)

    def hand_off(self, message: Rendered) -> HandOff:
        self.n += 1
        if self.n == 3:
            self._migration.start()
        if self.n == 6:
            self._migration.join()
        return super().hand_off(message)


def upgrade_during_a_run(url: str, before: str, journal: Path, kind: Any) -> tuple[DispatchReport, dict[str, int]]:
    """Let the older worker run while the newer version migrates, then the newer one; give what the older one said."""
    clock = ManualClock(NOON)
    with serving(journal) as port, closing(open_store(url)) as older, closing(open_store(url)) as newer:
        older.revision = before
        sender: Any = Upgrading(port, kind, clock, newer)
        report = dispatch(older, {"email": sender}, clock, KEY, "nord", worker="older")
        clock.advance(timedelta(minutes=3))
        rest: Any = LoopbackSender(port, kind, clock)
        dispatch(newer, {"email": rest}, clock, KEY, "nord", worker="newer")
    assert read_rows(url, "SELECT version_num FROM alembic_version") == [(migrations.HEAD,)]
    verdict = judge(url, journal, kind, clock.now())
    assert verdict.is_good, verdict
    assert verdict.n_delivered == verdict.n_messages > 40
    return report, {row[0]: row[1] for row in read_rows(url, BY)}


@pytest.mark.parametrize("provider", ["blind", pytest.param("keyed", marks=pytest.mark.long)])
def test_a10_an_older_worker_stops_when_the_database_is_migrated_and_the_newer_one_finishes(
    url: str, before: str, tmp_path: Path, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.dispatch.run.BATCH", 10)
    report, by = upgrade_during_a_run(url, before, tmp_path / "journal", provider)
    assert [(one.rule, one.code) for one in report.refused] == [("version", "left_behind")]
    assert by["older"] == 10  # what it had claimed
    assert by["newer"] > 30


def test_a10_planted_a_worker_that_does_not_look_at_the_version_goes_on(
    url: str, before: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Store, "is_left_behind", lambda *_: False)
    report, by = upgrade_during_a_run(url, before, tmp_path / "journal", "blind")
    assert (report.refused, by.get("newer")) == ((), None)
    assert by["older"] > 40
