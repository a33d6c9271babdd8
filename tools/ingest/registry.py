"""Every kind of file that can be imported: one line each."""

from . import (
    complete_journey,
    consent,
    costs,
    events,
    goods_links,
    klaviyo_profiles,
    online_retail,
    rates,
    shipments,
    shopify_customers,
    shopify_json,
    shopify_orders,
    shopify_products,
    spend,
    stock,
)
from .errors import UnknownImportKind
from .importer import Importer

IMPORT_KINDS: list[Importer] = [
    shopify_orders.IMPORTER,
    shopify_customers.IMPORTER,
    shopify_products.IMPORTER,
    shopify_json.IMPORTER,
    klaviyo_profiles.IMPORTER,
    online_retail.IMPORTER,
    complete_journey.IMPORTER,
    events.IMPORTER,
    consent.IMPORTER,
    stock.IMPORTER,
    shipments.IMPORTER,
    costs.IMPORTER,
    spend.IMPORTER,
    rates.IMPORTER,
    goods_links.IMPORTER,
]


def importer(kind: str) -> Importer:
    """Give the importer of a kind; raise `UnknownImportKind`."""
    for candidate in IMPORT_KINDS:
        if candidate.id == kind:
            return candidate
    raise UnknownImportKind(kind=kind, known=", ".join(candidate.id for candidate in IMPORT_KINDS))
