from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Integer, MetaData, Table, inspect, text

from memory.domain.errors import NotReady
from memory.store.engine import Store, open_store
from memory.store.migrations import HEAD, configuration
from memory.store.tables import metadata


def empty_store(tmp_path: Path) -> Store:
    return open_store(f"sqlite:///{tmp_path / 'fresh.db'}")


def differences(store: Store, tables: MetaData) -> list[Any]:
    with store.engine.connect() as connection:
        found: list[Any] = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), tables)
    return found


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def migrated(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    if request.param == "postgres":
        yield request.getfixturevalue("postgres_store")  # a copy of a database made by `migrate`
        return
    store = empty_store(tmp_path)
    store.migrate()
    yield store
    store.close()


def test_the_migrations_make_exactly_the_declared_tables(migrated: Store) -> None:
    assert differences(migrated, metadata) == []


def test_a_table_without_a_migration_is_noticed(migrated: Store) -> None:
    planted = MetaData()
    for table in metadata.tables.values():
        table.to_metadata(planted)
    Table("planted", planted, Column("id", Integer, primary_key=True))
    assert [change[0] for change in differences(migrated, planted)] == ["add_table"]


def test_migrating_again_changes_nothing_and_needs_no_alembic(migrated: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with migrated.engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD
    monkeypatch.setitem(__import__("sys").modules, "alembic", None)
    migrated.migrate()


def test_the_head_named_in_code_is_the_newest_file(store: Store) -> None:
    with store.engine.connect() as connection:
        scripts = ScriptDirectory.from_config(configuration(connection))
    assert scripts.get_current_head() == HEAD


def test_every_migration_can_be_taken_back(tmp_path: Path) -> None:
    from alembic import command

    store = empty_store(tmp_path)
    store.migrate()
    with store.engine.begin() as connection:
        command.downgrade(configuration(connection), "base")
    assert inspect(store.engine).get_table_names() == ["alembic_version"]
    store.close()


def test_people_drawn_for_a_period_stay_drawn_when_it_is_named_after_its_first_day(tmp_path: Path) -> None:
    from alembic import command

    store = empty_store(tmp_path)
    store.migrate()

    def names() -> list[str]:
        with store.engine.connect() as connection:
            rows = connection.execute(text("SELECT experiment_id FROM assignment ORDER BY person_id")).scalars()
            return list(rows)

    old = ["standing.core", "standing.0", "standing.1", "plan.1"]
    with store.engine.begin() as connection:
        command.downgrade(configuration(connection), "0013")
        connection.execute(text("INSERT INTO standing_holdout VALUES ('nord', 0.01, 0.02, 90, '2026-12-01')"))
        for number, name in enumerate(old):
            row = {"name": name, "person": f"p{number}"}
            insert = "INSERT INTO assignment (shop_id, experiment_id, person_id, cohort, arm) VALUES "
            connection.execute(text(f"{insert} ('nord', :name, :person, 'vip', 'control')"), row)
    store.migrate()
    assert names() == ["standing.core", "standing.2026-12-01", "standing.2027-03-01", "plan.1"]
    with store.engine.begin() as connection:
        command.downgrade(configuration(connection), "0013")
    assert names() == old
    store.close()


def test_a_request_that_two_holders_made_at_once_stays_two_uses(tmp_path: Path) -> None:
    from alembic import command

    store = empty_store(tmp_path)
    store.migrate()
    with store.engine.begin() as connection:
        command.downgrade(configuration(connection), "0026")
        for shop, person in (("nord", "ann"), ("nord", "bob"), ("sued", "ann")):
            row = {"shop": shop, "person": person}
            insert = "INSERT INTO credit_use VALUES (:shop, 'p', 'credit', :person, 0, 'q1', 500, '2027-01-01')"
            connection.execute(text(insert), row)
    store.migrate()
    with store.engine.connect() as connection:
        rows = connection.execute(text("SELECT shop_id, request_id FROM credit_use ORDER BY shop_id, person_id")).all()
    assert [tuple(row) for row in rows] == [("nord", "q1"), ("nord", "q1~p~credit~bob~0"), ("sued", "q1")]
    store.close()


def test_a_database_of_a_newer_version_is_refused_with_the_remedy(tmp_path: Path) -> None:
    store = empty_store(tmp_path)
    store.migrate()
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NotReady, match="Update Second Order"):
        store.migrate()
    store.close()


def test_tables_without_a_revision_are_refused(tmp_path: Path) -> None:
    store = empty_store(tmp_path)
    metadata.create_all(store.engine)
    with pytest.raises(NotReady, match="without a revision"):
        store.migrate()
    store.close()


def test_a_failed_migration_leaves_no_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_config: object, _revision: str) -> None:
        with store.engine.connect() as other:  # readers see nothing half done
            assert inspect(other).get_table_names() == []
        raise RuntimeError("the disk is full")

    from alembic import command

    store = empty_store(tmp_path)
    original = command.upgrade

    def upgrade_then_fail(config: Any, revision: str) -> None:
        original(config, revision)
        fail(config, revision)

    monkeypatch.setattr(command, "upgrade", upgrade_then_fail)
    with pytest.raises(RuntimeError):
        store.migrate()
    assert inspect(store.engine).get_table_names() == []
    store.close()
