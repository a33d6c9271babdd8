"""What Shopify can tell: one line per webhook topic. Any other topic is acknowledged and listed as rejected."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "order", "customer", "product", "refund", "fulfillment", "inventory_level", "redact", "request", "friend"
]


@dataclass(frozen=True)
class Topic:
    """One webhook topic."""

    id: str
    """As Shopify names it."""
    kind: Kind
    """What its body is."""
    what: str
    """What it makes happen."""


TOPICS: list[Topic] = [
    Topic("orders/create", "order", "A new order with its lines, customer, contact and consent."),
    Topic("orders/updated", "order", "The order as it is now; an older state that comes late changes nothing."),
    Topic("orders/paid", "order", "The order as it is now."),
    Topic("orders/cancelled", "order", "The order as it is now, cancelled."),
    Topic("fulfillments/create", "fulfillment", "A parcel that set out: its lane is learned from it."),
    Topic("fulfillments/update", "fulfillment", "A delivered parcel: steps that wait for delivery become due."),
    Topic("refunds/create", "refund", "Goods given back; waits for its order where that comes later."),
    Topic("customers/create", "customer", "A customer with contact, market, language and consent."),
    Topic("customers/update", "customer", "The customer as it is now."),
    Topic("products/create", "product", "Articles with price and stock."),
    Topic("products/update", "product", "The articles as they are now."),
    Topic("inventory_levels/update", "inventory_level", "Units on hand at one place."),
    Topic("customers/redact", "redact", "Nothing is sent any more at once; a request to erase waits for a human."),
    Topic("customers/data_request", "request", "A request for a person's data waits for a human."),
    Topic("shop/redact", "request", "A request to erase the shop waits for a human."),
]


def topic_of(name: str) -> Topic | None:
    """Give the topic of that name, or none."""
    return next((topic for topic in TOPICS if topic.id == name), None)
