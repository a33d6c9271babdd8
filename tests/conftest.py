"""What every test gets: a scrubbed environment, a store, a lake, a clock that stands still."""

import gc
import os
import shutil
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

from api.cli.main import COLLECT_AFTER
from memory.domain.clock import ManualClock
from memory.domain.market import Shop
from memory.lake import compiled
from memory.lake.lake import Lake
from memory.store.engine import Store, open_store
from tests.factories.shop import a_shop
from tests.servers.postgres import create_database, drop_database, running_server, server_folder

settings.register_profile(
    "suite", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("suite")
providers._get_local_constants = (
    Constants  # else drawn from all that is loaded, read for seconds: not the same each run
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", choices=["sqlite", "postgres"], default="sqlite", help="the database behind the `store` fixture"
    )


def pytest_configure(config: pytest.Config) -> None:
    for name in [name for name in os.environ if name.startswith("SECONDORDER_")]:
        del os.environ[name]
    compiled.N_KEPT = (
        16_384  # one worker asks more kinds of questions than any installation; compiling is half of a tick
    )
    config.option.loadscopereorder = False  # xdist would begin with the files of most tests; the order is made below


STORED = {"migrated_database", "store", "any_store", "lake"}
"""Fixtures behind every database and lake of a test."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what opens a database or a lake; files with slow tests go first, so that none of them begins last."""
    for item in items:
        if STORED & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.stored)
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def pytest_collection_finish() -> None:
    """Libraries and collected tests stay till the end: the garbage collector need not walk them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def pytest_sessionfinish() -> None:
    """At the end everything may go: what stayed frozen would be told as leaks."""
    gc.unfreeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With CI=true a skipped test fails, Spark excepted: nothing that should run is left out in silence."""
    report = yield
    is_skip = report.skipped and not hasattr(report, "wasxfail")
    if is_skip and os.environ.get("CI") == "true" and item.get_closest_marker("spark") is None:
        report.outcome = "failed"
        report.longrepr = f"skipped with CI=true: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def _scrubbed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("SECONDORDER_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def migrated_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One SQLite file with all tables, copied for each test."""
    path = tmp_path_factory.mktemp("database") / "empty.db"
    store = open_store(f"sqlite:///{path}")
    store.migrate()
    store.close()
    return path


@pytest.fixture
def home(tmp_path: Path, migrated_database: Path) -> Path:
    """A home folder in which nothing is but a store with all tables: migrating costs more than most tests."""
    folder = tmp_path / "home"
    folder.mkdir()
    shutil.copyfile(migrated_database, folder / "secondorder.db")
    return folder


@pytest.fixture
def store(request: pytest.FixtureRequest) -> Store:
    """An empty store with all tables; SQLite unless `--database=postgres` is given."""
    is_postgres = request.config.getoption("--database") == "postgres"
    found: Store = request.getfixturevalue("postgres_store" if is_postgres else "sqlite_store")
    return found


@pytest.fixture
def sqlite_store(tmp_path: Path, migrated_database: Path) -> Iterator[Store]:
    """An empty SQLite store with all tables."""
    path = tmp_path / "secondorder.db"
    shutil.copyfile(migrated_database, path)
    store = open_store(f"sqlite:///{path}")
    yield store
    store.close()


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    """A throw-away PostgreSQL with a database `migrated` to copy; `{database}` in the address is to be filled in."""
    programs = server_folder()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    with running_server(programs) as address:
        store = open_store(create_database(address, "migrated"))
        store.migrate()
        store.close()
        yield address


@pytest.fixture
def postgres_store(postgres_address: str) -> Iterator[Store]:
    """An empty PostgreSQL store with all tables; mark tests that use it `postgres`."""
    name = f"test_{uuid4().hex[:12]}"
    store = open_store(create_database(postgres_address, name, template="migrated"))
    yield store
    store.close()
    drop_database(postgres_address, name)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_store(request: pytest.FixtureRequest) -> Store:
    """An empty store, once on SQLite and once on PostgreSQL: for tests of what both must keep."""
    found: Store = request.getfixturevalue("sqlite_store" if request.param == "sqlite" else "postgres_store")
    return found


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """An empty lake."""
    return Lake(tmp_path / "lake")


@pytest.fixture
def clock() -> ManualClock:
    """A clock that stands at noon of 15 January 2026, UTC."""
    return ManualClock(datetime(2026, 1, 15, 12, tzinfo=UTC))


@pytest.fixture
def key() -> bytes:
    """The installation's secret key."""
    return b"a key for tests only, 32 bytes.."


@pytest.fixture
def shop(store: Store) -> Shop:
    """A shop in euros, already in the store."""
    shop = a_shop()
    with store.unit_of_work() as uow:
        uow.shops.add(shop)
    return shop
