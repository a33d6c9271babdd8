"""Fact rows for tests: complete rows of the lake's schemas from a few words, and a lake that holds them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from memory.domain.canonical import fact_id
from memory.domain.facts import LAKE_SCHEMAS, PLAIN_SCHEMAS
from memory.domain.market import Shop
from memory.lake.lake import Lake
from memory.lake.view import LakeView

AS_OF = datetime(2026, 1, 1, tzinfo=UTC)
SHOP = Shop(shop_id="north", name="North", currency="EUR", zone="Europe/Berlin", home_market="DE")

_DEFAULTS: dict[str, dict[str, Any]] = {
    "orders": {
        "currency": "EUR", "subtotal_minor": 5000, "discount_minor": 0, "shipping_minor": 500, "tax_minor": 800,
        "refunded_minor": 0, "n_items": 1, "n_gift_items": 0, "channel": "web", "origin": None, "market": "DE",
        "discount_code": None, "is_cancelled": False, "is_paid": True, "is_referred": False,
    },
    "order_lines": {
        "sku": "shoe", "category": "running", "quantity": 1, "unit_price_minor": 5000, "discount_minor": 0,
        "currency": "EUR", "is_gift": False,
    },
    "events": {
        "kind": "view", "channel": "web", "sku": None, "category": None, "order_ref": None, "message_id": None,
        "device": None, "value": None, "is_machine": False,
    },
    "consents": {
        "channel": "email", "purpose": "marketing", "status": "granted", "method": "form", "is_suppressed": False,
    },
    "people": {"market": None, "language": None, "zone": None, "birth_month": None, "is_assumed": False},
    "products": {
        "title": "Shoe", "category": "running", "vendor": None, "price_minor": 5000, "compare_at_minor": None,
        "currency": "EUR", "is_active": True, "is_gift_card": False, "url": None, "image_url": None,
    },
    "spend": {
        "channel": "meta", "stage": "pre_purchase", "bucket": None, "currency": "EUR", "effort_hours": None,
        "n_new_customers": None,
    },
    "shipments": {"is_cancelled": False},
}  # fmt: skip


def ago(days: float, hours: float = 0) -> datetime:
    """Give the instant so many days and hours before `AS_OF`."""
    return AS_OF - timedelta(days=days, hours=hours)


def fact(table: str, number: int, event_at: datetime, **values: Any) -> dict[str, Any]:
    """Give one complete fact row; `number` makes its id."""
    shop_id = values.pop("shop_id", SHOP.shop_id)
    row = {
        "shop_id": shop_id, "fact_id": fact_id(shop_id, "test", table, str(number)), "revision": 1,
        "content_hash": f"{table}{number}", "event_at": event_at, "arrived_at": event_at, "source": "test",
        **_DEFAULTS.get(table, {}), **values,
    }  # fmt: skip
    if table == "orders":
        row.setdefault("order_ref", f"#{number}")
    return row


class Facts:
    """Collects facts of one shop in the order they are told; `order` adds its lines."""

    def __init__(self) -> None:
        """Start empty."""
        self.rows: dict[str, list[dict[str, Any]]] = {}

    def add(self, table: str, event_at: datetime, **values: Any) -> dict[str, Any]:
        """Add one fact and give it."""
        rows = self.rows.setdefault(table, [])
        rows.append(fact(table, len(rows), event_at, **values))
        return rows[-1]

    def order(self, person: str | None, event_at: datetime, *lines: Mapping[str, Any], **values: Any) -> dict[str, Any]:
        """Add an order of a person with its lines; each line is a mapping of what differs from the default."""
        order = self.add("orders", event_at, subject_id=person, **values)
        shop = {"shop_id": order["shop_id"], "order_fact_id": order["fact_id"], "subject_id": person}
        for line in lines:
            self.add("order_lines", event_at, **{**shop, **line})
        return order

    def event(self, person: str | None, event_at: datetime, kind: str = "view", **values: Any) -> dict[str, Any]:
        """Add an event of a person."""
        return self.add("events", event_at, subject_id=person, kind=kind, **values)

    def consent(self, person: str, event_at: datetime, channel: str = "email", **values: Any) -> dict[str, Any]:
        """Add a consent statement of a person."""
        return self.add("consents", event_at, subject_id=person, channel=channel, **values)

    def referral(self, referrer: str, friend: str, event_at: datetime, **values: Any) -> dict[str, Any]:
        """Add that one person recommended the shop to another."""
        return self.add("referrals", event_at, subject_id=friend, referrer_subject_id=referrer, **values)

    def household(self, home: str, *people: str) -> None:
        """Add that people live at one address."""
        for person in people:
            self.add("households", datetime(1970, 1, 1, tzinfo=UTC), subject_id=person, household_id=home)

    def open(self, root: Path, identities: Iterable[tuple[str, str]] = ()) -> LakeView:
        """Write everything to a lake in `root` and open it."""
        tables = {
            name: pa.Table.from_pylist(rows, {**LAKE_SCHEMAS, **PLAIN_SCHEMAS}[name])
            for name, rows in self.rows.items()
        }
        merged = [{"subject_id": subject, "person_id": person} for subject, person in identities]
        if merged:
            tables["identities"] = pa.Table.from_pylist(merged, PLAIN_SCHEMAS["identities"])
        lake = Lake(root)
        return lake.open({name: lake.append(name, rows) for name, rows in tables.items()})
