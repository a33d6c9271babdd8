"""Live deliveries for tests: signed webhooks and batches of events, as a shop's system and app send them."""

import base64
import hmac
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from memory.domain.clock import ManualClock
from memory.domain.market import Shop
from memory.lake.lake import Lake
from memory.store.engine import Store
from memory.store.vault import Vault
from tools.live import Accepted, FlushReport, accept, accept_webhook, flush, signer

DOMAIN = "nord.myshopify.com"
SECRET = "shpss_a_secret_for_tests_only"


def order(number: int = 1, **changes: Any) -> dict[str, Any]:
    """One paid order of two shoes as Shopify sends it."""
    made: dict[str, Any] = {
        "id": 1_000 + number, "name": f"#{number}", "currency": "EUR", "email": f"p{number}@people.example.invalid",
        "created_at": "2026-01-15T10:00:00+00:00", "updated_at": "2026-01-15T10:00:00+00:00",
        "financial_status": "paid", "subtotal_price": "100.00", "total_discounts": "0.00", "total_tax": "0.00",
        "source_name": "web", "cancelled_at": None, "refunds": [], "fulfillments": [],
        "customer": {"id": 70 + number, "first_name": "Zoë", "last_name": "Nordmann"},
        "shipping_address": {"first_name": "Zoë", "last_name": "Nordmann", "address1": "Seeweg 1", "zip": "24103",
                             "country_code": "DE", "phone": ""},
        "line_items": [{"sku": "SHOE-1", "name": "Shoe", "quantity": 2, "price": "50.00", "total_discount": "0.00"}],
    }  # fmt: skip
    return {**made, **changes}


def refund(number: int = 1, **changes: Any) -> dict[str, Any]:
    """One shoe of that order given back."""
    line = {"quantity": 1, "subtotal": "50.00", "line_item": {"price": "50.00"}}
    made = {
        "id": 5_000 + number, "order_id": 1_000 + number, "created_at": "2026-01-15T11:00:00+00:00",
        "refund_line_items": [line], "transactions": [{"currency": "EUR"}],
    }  # fmt: skip
    return {**made, **changes}


def parcel(number: int = 1, **changes: Any) -> dict[str, Any]:
    """That order's parcel, delivered."""
    made = {
        "id": 9_000 + number, "order_id": 1_000 + number, "created_at": "2026-01-15T11:00:00+00:00",
        "updated_at": "2026-01-15T11:30:00+00:00", "shipment_status": "delivered",
    }  # fmt: skip
    return {**made, **changes}


def headers(topic: str, body: bytes, webhook_id: str, secret: str = SECRET, domain: str = DOMAIN) -> dict[str, str]:
    """The headers Shopify sends."""
    digest = base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()
    return {
        "x-shopify-topic": topic, "x-shopify-shop-domain": domain, "x-shopify-hmac-sha256": digest,
        "x-shopify-webhook-id": webhook_id, "content-type": "application/json",
    }  # fmt: skip


class Live(NamedTuple):
    """Delivers to one shop and flushes."""

    store: Store
    lake: Lake
    shop: Shop
    clock: ManualClock
    key: bytes

    def trust(self, secret: str = SECRET, domain: str = DOMAIN) -> str:
        """Trust one more secret."""
        self.store.open_vault = lambda: Vault([self.key])
        with self.store.unit_of_work() as uow:
            return uow.webhook_secrets.add(self.shop.shop_id, domain, secret, "mia", self.clock.now())

    def hook(self, topic: str, payload: Mapping[str, Any] | bytes, webhook_id: str = "", **signing: str) -> Accepted:
        """Deliver one signed webhook."""
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        found = headers(topic, body, webhook_id or f"{topic}-{hash(body)}", **signing)
        with self.store.unit_of_work() as uow:
            shop_id = signer(uow, self.key, found, body)
            return accept_webhook(uow, self.key, shop_id, found, body, self.clock.now())

    def events(self, *rows: Any) -> Accepted:
        """Deliver one batch of events."""
        body = json.dumps({"events": rows}).encode()
        with self.store.unit_of_work() as uow:
            return accept(
                uow, self.key, self.shop.shop_id, "events", "events", "", body, n_rows=len(rows), at=self.clock.now()
            )

    def flush(self) -> FlushReport:
        """Bring everything that waits to the lake."""
        return flush(self.store, self.lake, self.shop.shop_id, clock=self.clock, key=self.key)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Give the latest rows of a fact table in order of time and id."""
        with self.store.read() as uow:
            versions = uow.versions.latest().tables
        with self.lake.open(versions, [self.shop.shop_id]) as view:
            found: list[dict[str, Any]] = view.table(table).to_pyarrow().to_pylist()
        return sorted(found, key=lambda row: (row["event_at"], row["fact_id"]))

    def rejected(self) -> list[str]:
        """Give the reasons of rejected rows, oldest first."""
        with self.store.read() as uow:
            return [row.reason for row in reversed(uow.inbox.rejected(self.shop.shop_id, 100))]

    def states(self) -> dict[str, int]:
        """Give how many deliveries are in each state."""
        with self.store.read() as uow:
            return uow.inbox.counts(self.shop.shop_id)
