"""A shop whose order mails are ours."""

import pytest

from memory.domain.clock import ManualClock
from memory.domain.market import Shop
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.factories.order_mail import Mailing


@pytest.fixture
def mailing(store: Store, lake: Lake, shop: Shop, clock: ManualClock, key: bytes) -> Mailing:
    """Confirmations and notices are ours."""
    return Mailing(store, lake, shop, clock, key)
