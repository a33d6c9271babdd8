"""How new a delivered object is: deliveries overtake each other, and state only moves forward."""

from tools.ingest.errors import RowRejected
from tools.ingest.payload import Json

from .topics import Kind

RANKS = 8
"""Steps between two instants: of two states of one second, the later in an order's life counts."""


def object_key(kind: Kind, payload: Json) -> str:
    """Give the name of the object in its shop; raise `RowRejected` without an id."""
    if kind == "inventory_level":
        return f"level:{payload.needed('inventory_item_id')}:{payload.needed('location_id')}"
    return f"{kind}:{payload.needed('id')}"


def newness(kind: Kind, payload: Json) -> int:
    """Give how new the state is; higher is newer. Raise `RowRejected` where it says no time."""
    at = payload.instant("updated_at") or payload.instant("created_at")
    if at is None:
        raise RowRejected("updated_at is missing")
    return at * RANKS + (_rank(payload) if kind == "order" else 0)


def moved_by_refund(payload: Json) -> tuple[str, int]:
    """Give the order a refund changed and how new the order is at least: older states know nothing of the refund."""
    at = payload.instant("created_at")
    return f"order:{payload.needed('order_id')}", (at or 0) * RANKS


def _rank(order: Json) -> int:
    is_paid = order.text("financial_status") not in ("", "pending", "authorized")
    return 4 * bool(order.text("cancelled_at")) + 2 * bool(order.raw.get("refunds")) + is_paid
