import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from memory.lake.lake import Lake
from memory.store.engine import Store, open_store
from tests.factories.thanks import open_shop


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, migrated_database: Path) -> Path:
    """A database with the shop in it; copied for each test."""
    folder = tmp_path_factory.mktemp("thanks")
    shutil.copyfile(migrated_database, folder / "secondorder.db")
    found = open_store(f"sqlite:///{folder / 'secondorder.db'}")
    open_shop(found, Lake(folder / "lake"))
    found.close()
    return folder / "secondorder.db"


@pytest.fixture
def shop_store(made: Path, tmp_path: Path) -> Iterator[Store]:
    copied = Path(shutil.copyfile(made, tmp_path / "secondorder.db"))
    found = open_store(f"sqlite:///{copied}")
    yield found
    found.close()
