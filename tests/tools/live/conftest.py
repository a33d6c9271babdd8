"""One shop whose system is trusted."""

import pytest

from memory.domain.clock import ManualClock
from memory.domain.market import Shop
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.factories.live import Live


@pytest.fixture
def live(store: Store, lake: Lake, shop: Shop, clock: ManualClock, key: bytes) -> Live:
    """Delivers to the test shop."""
    found = Live(store, lake, shop, clock, key)
    found.trust()
    return found
