"""An installation with one shop, and a short way to import files into it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.assembly import App, assemble
from agent.settings import load_settings
from memory.domain.clock import ManualClock
from tests.factories.imports import Intaker
from tests.factories.shop import a_shop


@pytest.fixture
def app(home: Path, clock: ManualClock) -> Iterator[App]:
    made = assemble(load_settings(home=home), clock)
    with made.store.unit_of_work() as uow:
        uow.shops.add(a_shop())
    yield made
    made.close()


@pytest.fixture
def intaker(app: App, tmp_path: Path) -> Intaker:
    folder = tmp_path / "files"
    folder.mkdir()
    clock: Any = app.clock
    return Intaker(app.store, app.lake, a_shop(), clock, app.key, folder)
