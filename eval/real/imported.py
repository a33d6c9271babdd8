"""Real orders, imported through the product into an empty installation of their own."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from memory.domain.clock import ManualClock
from memory.domain.market import Shop
from memory.lake.lake import Lake
from memory.lake.view import LakeView
from memory.store.engine import open_store
from tools.facts import open_facts
from tools.ingest import import_file

RETAIL, JOURNEY = "online-retail", "complete-journey"
SHOPS = {
    RETAIL: Shop(shop_id="gifts", name="Gifts", currency="GBP", zone="Europe/London", home_market="GB"),
    JOURNEY: Shop(shop_id="grocer", name="Grocer", currency="USD", zone="America/New_York", home_market="US"),
}
"""The shops of real data sets by the format of their files."""


@contextmanager
def opened_file(path: Path, kind: str = RETAIL) -> Iterator[LakeView]:
    """Import orders of a format in `SHOPS` into an empty installation of its own and give its facts."""
    with tempfile.TemporaryDirectory(prefix="second-order-real-") as folder:
        store, lake = open_store(f"sqlite:///{folder}/secondorder.db"), Lake(Path(folder) / "lake")
        try:
            store.migrate()
            shop = SHOPS[kind]
            with store.unit_of_work() as uow:
                uow.shops.add(shop)
            clock = ManualClock(datetime(2026, 1, 15, 12, tzinfo=UTC))
            import_file(store, lake, shop.shop_id, kind, path, clock=clock, key=b"k" * 32, principal_id="eval")
            with open_facts(store, lake, [shop.shop_id]) as view:
                yield view
        finally:
            store.close()
