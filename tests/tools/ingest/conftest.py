"""One shop to import into."""

from pathlib import Path

import pytest

from memory.domain.clock import ManualClock
from memory.domain.market import Shop
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.factories.imports import Intaker


@pytest.fixture
def intaker(store: Store, lake: Lake, shop: Shop, clock: ManualClock, key: bytes, tmp_path: Path) -> Intaker:
    """Imports files into the test shop."""
    return Intaker(store, lake, shop, clock, key, tmp_path)
