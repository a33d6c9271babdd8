"""Units on hand per place become one stock fact per article."""

from memory.store.unit_of_work import UnitOfWork
from tools.ingest.errors import RowRejected
from tools.ingest.intake import Intake
from tools.ingest.payload import Json
from tools.ingest.shopify import product_sku, take_stock


def note_items(uow: UnitOfWork, shop_id: str, product: Json) -> None:
    """Keep which article each inventory item of a product is."""
    title, skus = product.needed("title"), {}
    for variant in product.children("variants"):
        options = [variant.text(f"option{place}", 60) for place in (1, 2, 3)]
        if item := variant.id("inventory_item_id"):
            skus[item] = product_sku(variant.text("sku", 100), title, options)
    uow.outside.note_items(shop_id, skus)


def take_level(uow: UnitOfWork, intake: Intake, level: Json) -> None:
    """Take the units at one place: the article's stock is their sum over all places that were ever named.

    A place that was never named counts as empty, so that stock is rather too low than too high.
    """
    item, place = level.needed_id("inventory_item_id"), level.needed_id("location_id")
    sku = uow.outside.sku_of(intake.shop.shop_id, item)
    if sku is None:
        raise RowRejected("its article is not known; send products/create or products/update first")
    available = level.number("available")
    if available is None:
        raise RowRejected("available is missing")
    take_stock(intake, sku, uow.outside.set_level(intake.shop.shop_id, item, place, max(available, 0)))
