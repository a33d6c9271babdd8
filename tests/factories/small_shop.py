"""A small copy of the synthetic shop for tests: as files in the vendors' formats, or already imported."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from eval.gym.dates import ANCHOR
from eval.gym.places import SHOP_ZONE
from eval.gym.shop import SyntheticShop, build_shop, demo_shop
from memory.domain.clock import ManualClock
from memory.domain.market import Shop
from memory.lake.lake import Lake
from memory.store.engine import Store, open_store
from memory.store.tables import metadata
from tools.ingest import import_file

KEY = b"k" * 32
ANCHOR_AT = datetime(ANCHOR.year, ANCHOR.month, ANCHOR.day, 8, tzinfo=ZoneInfo(SHOP_ZONE))
"""The morning of day 0: the records end the evening before."""


class ImportedShop(NamedTuple):
    """A shop whose files were imported through `import_file`."""

    store: Store
    lake: Lake
    clock: ManualClock
    key: bytes
    shop: Shop
    made: SyntheticShop
    """What the simulation knows about its people."""


def small_shop(folder: Path, n: int = 300, seed: int = 7) -> SyntheticShop:
    """Write a shop of `n` customers into `folder`; `.files` lists import kind and path in import order."""
    return build_shop(folder, n_customers=n, seed=seed)


def imported_shop(folder: Path, n: int = 300, seed: int = 7) -> ImportedShop:
    """Write a small shop into `folder` and import it into a fresh store and lake there."""
    made, shop = small_shop(folder / "files", n, seed), demo_shop()
    store, lake, clock = open_store(f"sqlite:///{folder / 'store.db'}"), Lake(folder / "lake"), ManualClock(ANCHOR_AT)
    metadata.create_all(store.engine)
    with store.unit_of_work() as uow:
        uow.shops.add(shop)
    for kind, path in made.files:
        import_file(store, lake, shop.shop_id, kind, path, clock=clock, key=KEY, principal_id="mia")
    return ImportedShop(store, lake, clock, KEY, shop, made)
