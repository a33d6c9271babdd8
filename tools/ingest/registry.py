"""Every kind of file that can be imported: one line each."""

from . import consent, events, online_retail, shopify_orders
from .errors import UnknownImportKind
from .importer import Importer

IMPORT_KINDS: list[Importer] = [
    shopify_orders.IMPORTER,
    online_retail.IMPORTER,
    events.IMPORTER,
    consent.IMPORTER,
]


def importer(kind: str) -> Importer:
    """Give the importer of a kind; raise `UnknownImportKind`."""
    for candidate in IMPORT_KINDS:
        if candidate.id == kind:
            return candidate
    raise UnknownImportKind(kind=kind, known=", ".join(candidate.id for candidate in IMPORT_KINDS))
