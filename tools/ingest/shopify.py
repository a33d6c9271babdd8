"""What Shopify's CSV exports and JSON payloads have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .errors import RowRejected
from .intake import UNDATED, Intake

SOURCE = "shopify"
CATALOGUE = "catalogue"
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


def order_source_id(shopify_id: str, name: str) -> str:
    """Give the source id of an order, the same for CSV and JSON: Shopify's id, its name in exports without one."""
    return shopify_id.strip().lstrip("'") or name.strip().lstrip("#")


def product_sku(sku: str, title: str, options: Sequence[str]) -> str:
    """Give a variant's sku, or the name under which order lines know a variant without one."""
    named = [option for option in options if option and option != "Default Title"]
    return sku or (f"{title} - {' / '.join(named)}" if named else title)


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


def take_product(intake: Intake, values: Mapping[str, Any], at: int = UNDATED) -> None:
    """Take a variant in the shop's currency."""
    intake.fact("products", SOURCE, str(values["sku"]), at, {"currency": intake.shop.currency, **values})


def take_cost(intake: Intake, sku: str, cost_minor: int | None, currency: str = "", at: int = UNDATED) -> None:
    """Take what a unit costs the shop: one fact per sku, whatever file it comes from."""
    if cost_minor is not None:
        values = {"sku": sku, "cost_minor": cost_minor, "currency": currency or intake.shop.currency}
        intake.fact("costs", CATALOGUE, sku, at, {**values, "is_assumed": False})


def take_stock(intake: Intake, sku: str, quantity: int | None, at: int = UNDATED) -> None:
    """Take the units on hand (oversold is 0): one fact per sku, whatever file it comes from."""
    if quantity is not None:
        intake.fact("stock", CATALOGUE, sku, at, {"sku": sku, "quantity": max(quantity, 0)})
