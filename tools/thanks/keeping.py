"""Keeping prepared goods fresh: worked out anew once a day, and whenever somebody asks."""

from datetime import timedelta

from memory.domain.clock import Clock
from memory.lake.lake import Lake
from memory.store.engine import Store
from tools.facts import open_facts

from .preparing import prepare

EVERY = timedelta(days=1)
PATIENCE = timedelta(hours=1)
"""After so long without an end it is begun again: it failed, or takes minutes at most."""


def prepare_shop(store: Store, lake: Lake, clock: Clock, shop_id: str) -> tuple[int, int]:
    """Prepare a shop's goods from its newest facts; give how many articles and how many followers."""
    now = clock.now()
    with store.read() as uow:
        shop = uow.shops.get(shop_id)
    with open_facts(store, lake, [shop_id]) as view:
        goods, pairs = prepare(view, shop, now)
    with store.unit_of_work() as uow:
        uow.thanks_goods.replace(shop_id, goods, pairs)
        uow.thanks.end_preparing(shop_id, now)
    return goods.num_rows, pairs.num_rows


def prepare_daily(store: Store, lake: Lake, clock: Clock, shop_id: str) -> bool:
    """Prepare the goods of a shop that has a page where a day has passed; say whether it was done.

    Of several workers one does it; where that fails, one tries again an hour later.
    """
    now = clock.now()
    with store.read() as uow:
        if uow.thanks.settings(shop_id) is None:
            return False
    with store.unit_of_work() as uow:
        if not uow.thanks.begin_preparing(shop_id, now, EVERY, PATIENCE):
            return False
    prepare_shop(store, lake, clock, shop_id)
    return True
