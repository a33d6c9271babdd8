"""What the store promises on SQLite and PostgreSQL alike, and where they may differ."""

import multiprocessing
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from memory.domain.clock import ManualClock
from memory.store import engine
from memory.store.engine import Store, StoreUnavailable, open_store
from tests.factories.shop import a_shop
from tests.memory.store.reading import read_until_told

CONSENT = pa.table({"person_id": ["p1"], "consent_email": [True]})


def shop_names(store: Store) -> list[str]:
    with store.read() as uow:
        return [shop.name for shop in uow.shops.all()]


def test_a_unit_of_work_that_ends_well_is_kept(any_store: Store) -> None:
    with any_store.unit_of_work() as uow:
        uow.shops.add(a_shop())
        uow.person_state.upsert("alpha", CONSENT)
    assert shop_names(any_store) == ["Alpha"]


def test_rollback_leaves_nothing_of_any_repository(any_store: Store, clock: ManualClock) -> None:
    with pytest.raises(RuntimeError), any_store.unit_of_work() as uow:
        uow.shops.add(a_shop())
        uow.person_state.upsert("alpha", CONSENT)
        uow.versions.add({"orders": 0}, "import", clock.now())
        raise RuntimeError("the power fails")
    assert shop_names(any_store) == []
    with any_store.read() as uow:
        assert uow.person_state.get("alpha").num_rows == 0
        assert uow.versions.latest().number == 0


def test_writing_in_a_read_is_an_error_and_the_connection_stays_usable(any_store: Store) -> None:
    with pytest.raises((DBAPIError, StoreUnavailable)), any_store.read() as uow:
        uow.shops.add(a_shop())
    with any_store.unit_of_work() as uow:
        uow.shops.add(a_shop())
    assert shop_names(any_store) == ["Alpha"]


def test_a_naive_instant_is_refused(any_store: Store) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001
    with pytest.raises((ValueError, StatementError)), any_store.unit_of_work() as uow:
        uow.versions.add({}, "import", naive)


def test_instants_come_back_aware_and_in_utc(any_store: Store) -> None:
    berlin = datetime.fromisoformat("2026-07-01T12:00:00.123456+02:00")
    with any_store.unit_of_work() as uow:
        uow.versions.add({}, "import", berlin)
        people = pa.table({"person_id": ["p1"], "last_order_at": pa.array([berlin], pa.timestamp("us", "UTC"))})
        uow.person_state.upsert("alpha", people)
    expected = datetime(2026, 7, 1, 10, 0, 0, 123456, tzinfo=UTC)
    with any_store.read() as uow:
        created_at = uow.versions.latest().created_at
        assert created_at == expected
        assert created_at.utcoffset() == expected.utcoffset()
        assert uow.person_state.get("alpha")["last_order_at"].to_pylist() == [expected]


def test_a_reader_sees_one_snapshot_while_a_writer_commits(any_store: Store) -> None:
    with any_store.unit_of_work() as uow:
        uow.shops.add(a_shop())
    with any_store.read() as reader:
        assert reader.person_state.get("alpha").num_rows == 0
        with any_store.unit_of_work() as writer:  # not blocked by the reader
            writer.person_state.upsert("alpha", CONSENT)
            writer.shops.put(a_shop(name="Renamed"))
        assert reader.person_state.get("alpha").num_rows == 0
        assert reader.shops.get("alpha").name == "Alpha"
    assert shop_names(any_store) == ["Renamed"]


def test_readers_are_not_blocked_by_an_open_writer(any_store: Store) -> None:
    with any_store.unit_of_work() as writer:
        writer.shops.add(a_shop())
        seen: list[list[str]] = []
        readers = [threading.Thread(target=lambda: seen.append(shop_names(any_store))) for _ in range(4)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join(timeout=10)
        assert seen == [[], [], [], []]


def test_two_writers_make_versions_one_after_the_other(any_store: Store, clock: ManualClock) -> None:
    def add(table: str) -> None:
        for _ in range(5):
            with any_store.unit_of_work() as uow:
                uow.versions.lock()
                number = uow.versions.latest().tables.get(table, 0)
                time.sleep(0.002)
                uow.versions.add({table: number + 1}, table, clock.now())

    writers = [threading.Thread(target=add, args=(table,)) for table in ("orders", "events", "orders")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=60)
    with any_store.read() as uow:
        assert uow.versions.latest().tables == {"orders": 10, "events": 5}
        assert [version.number for version in uow.versions.all()] == list(range(1, 16))


@pytest.mark.slow
def test_other_processes_read_whole_commits_beside_a_writer(any_store: Store) -> None:
    with any_store.unit_of_work() as uow:
        uow.shops.add(a_shop(name="0"))
        uow.shops.add(a_shop(shop_id="beta", name="0"))
    spawn = multiprocessing.get_context("spawn")
    ready, enough, results = spawn.Event(), spawn.Event(), spawn.Queue()
    url = any_store.engine.url.render_as_string(hide_password=False)
    readers = [spawn.Process(target=read_until_told, args=(url, ready, enough, results)) for _ in range(2)]
    for reader in readers:
        reader.start()
    assert ready.wait(timeout=60)
    for number in range(1, 21):
        with any_store.unit_of_work() as uow:
            uow.shops.put(a_shop(name=str(number)))
            uow.shops.put(a_shop(shop_id="beta", name=str(number)))
    enough.set()
    for n_reads, n_torn in [results.get(timeout=60) for _ in readers]:
        assert n_reads > 0
        assert n_torn == 0
    for reader in readers:
        reader.join(timeout=60)
        assert reader.exitcode == 0
    assert shop_names(any_store) == ["20", "20"]


@pytest.mark.parametrize(("durable", "level"), [(True, 2), (False, 1)], ids=["full", "normal"])
def test_a_durable_unit_of_work_waits_for_the_disk(sqlite_store: Store, durable: bool, level: int) -> None:
    for _ in range(2):  # the setting must not stick to a pooled connection
        with sqlite_store.unit_of_work(durable=not durable):
            pass
        with sqlite_store.unit_of_work(durable=durable) as uow:
            assert uow.session.connection().execute(text("PRAGMA synchronous")).scalar() == level
            assert uow.session.connection().execute(text("PRAGMA journal_mode")).scalar() == "wal"
            assert uow.session.connection().execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_a_second_writer_waits_for_the_first(any_store: Store, clock: ManualClock) -> None:
    order: list[str] = []

    def second() -> None:
        with any_store.unit_of_work() as uow:
            uow.versions.lock()
            order.append("second")

    with any_store.unit_of_work() as uow:
        uow.versions.lock()
        waiting = threading.Thread(target=second)
        waiting.start()
        time.sleep(0.1)
        order.append("first")
    waiting.join(timeout=30)
    assert order == ["first", "second"]


def test_writers_of_one_process_take_turns_whatever_store_they_opened(
    sqlite_store: Store, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite itself waits not at all here: without turns of the file the second writer finds it locked and fails."""
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 0)
    stores = [open_store(str(sqlite_store.engine.url)) for _ in range(3)]

    def add(store: Store, name: str) -> None:
        for _ in range(5):
            with store.unit_of_work() as uow:
                uow.versions.add({name: 1}, name, clock.now())
                time.sleep(0.002)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(add, stores, ("orders", "events", "people")))
    with sqlite_store.read() as uow:
        assert len(uow.versions.all()) == 15
    for store in stores:  # after all of them: a connection that closes locks the file for an instant
        store.close()


def test_the_folder_of_a_new_database_is_made(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'new' / 'home' / 'secondorder.db'}")
    store.migrate()
    assert shop_names(store) == []
    store.close()


def test_a7_a_store_that_cannot_be_reached_is_said_plainly_by_reads_and_writes(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    store = open_store(f"sqlite:///{tmp_path / 'folder'}")  # a folder is no database
    for opened in (store.read, store.unit_of_work):
        with pytest.raises(StoreUnavailable, match="unable to open database file"), opened() as uow:
            uow.shops.all()


def test_an_error_of_ours_is_not_taken_for_trouble_of_the_database(any_store: Store) -> None:
    with any_store.unit_of_work() as uow:
        uow.shops.add(a_shop())
    with pytest.raises(IntegrityError), any_store.unit_of_work() as uow:
        uow.session.connection().execute(text("INSERT INTO shop SELECT * FROM shop"))


def test_a10_a_store_knows_when_another_version_migrated_its_tables(any_store: Store) -> None:
    with any_store.read() as uow:
        assert not any_store.is_left_behind(uow), "nothing is known before it migrated itself"
    any_store.migrate()
    with any_store.unit_of_work() as uow:
        assert not any_store.is_left_behind(uow)
        uow.session.connection().execute(text("UPDATE alembic_version SET version_num = '9999'"))
        assert any_store.is_left_behind(uow)
