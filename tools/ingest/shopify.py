"""What Shopify's CSV exports and JSON payloads have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .errors import RowRejected
from .intake import Intake

SOURCE = "shopify"
GIFT_WORDS = ("gift wrap", "gift card", "gift box", "geschenk")
MARKETPLACES = (
    "amazon", "ebay", "marketplace", "walmart", "etsy", "tiktok", "temu", "shein", "zalando", "otto", "rakuten",
)  # fmt: skip
STORES = ("pos", "store", "retail")
APPS = ("mobile_app", "app", "iphone", "android", "ios")


@dataclass(frozen=True)
class OrderLine:
    """One line of an order, in minor units of the order's currency."""

    sku: str
    quantity: int
    unit_price_minor: int
    discount_minor: int
    is_gift: bool


def order_source_id(name: str) -> str:
    """Give the source id of an order: its name without the sign, so that CSV and JSON name one fact."""
    return name.strip().lstrip("#")


def channel_of(source_name: str, location: str = "") -> str:
    """Give web, app, store or marketplace for Shopify's source name and location."""
    name = source_name.strip().lower()
    if any(word in name for word in MARKETPLACES):
        return "marketplace"
    if name in STORES or (location.strip() and name not in ("web", "")):
        return "store"
    return "app" if name in APPS else "web"


def line_of(
    *, sku: str, name: str, quantity: int, unit_price_minor: int, discount_minor: int, is_gift: bool = False
) -> OrderLine:
    """Give a checked line; raise `RowRejected` for negative or impossible figures."""
    if not sku:
        raise RowRejected("a line has neither sku nor name")
    if not 0 <= quantity <= 1_000_000:
        raise RowRejected(f"quantity {quantity} is out of range")
    if unit_price_minor < 0 or discount_minor < 0:
        raise RowRejected("a line has a negative price or discount")
    is_gift = is_gift or any(word in name.lower() for word in GIFT_WORDS)
    return OrderLine(sku, quantity, unit_price_minor, discount_minor, is_gift)


def take_order(intake: Intake, source_id: str, at: int, values: Mapping[str, Any], lines: Sequence[OrderLine]) -> None:
    """Take an order and its lines; line ids are the positions, so that the same order gives the same facts."""
    totals = {
        "n_items": sum(line.quantity for line in lines),
        "n_gift_items": sum(line.quantity for line in lines if line.is_gift),
    }
    order = intake.fact("orders", SOURCE, source_id, at, {**values, **totals})
    for place, line in enumerate(lines, start=1):
        row = {
            "order_fact_id": order,
            "subject_id": values["subject_id"],
            "sku": line.sku,
            "category": None,
            "quantity": line.quantity,
            "unit_price_minor": line.unit_price_minor,
            "discount_minor": line.discount_minor,
            "currency": values["currency"],
            "is_gift": line.is_gift,
        }
        intake.fact("order_lines", SOURCE, f"{source_id}:{place}", at, row)
