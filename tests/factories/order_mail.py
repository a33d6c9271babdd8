"""A shop whose order mails are ours, with a system that delivers webhooks; for tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from agent.order_mail import OrderMailReport, send_order_mail
from memory.domain.clock import ManualClock
from memory.domain.market import Shop
from memory.domain.order_mail import OrderMailSettings
from memory.lake.lake import Lake
from memory.store.engine import Store
from memory.store.order_mail import OrderMailRow
from tests.factories.live import Live, order
from tests.factories.planning import eur, guardrails
from tools.channels import Sender
from tools.channels.memory import MemorySender
from tools.facts import open_facts
from tools.parcels import Expectations, expectations

BEGUN = datetime(2026, 1, 15, 9, tzinfo=UTC)
"""When the steps became ours: an hour before the orders of tests."""


class Mailing:
    """Delivers orders and parcels, sends what is due, and shows what left."""

    def __init__(self, store: Store, lake: Lake, shop: Shop, clock: ManualClock, key: bytes, **settings: Any) -> None:
        """Make both steps ours from `BEGUN` on; the clock then stands an hour later."""
        self.store, self.lake, self.shop, self.clock, self.key = store, lake, shop, clock, key
        self.live, self.sender = Live(store, lake, shop, clock, key), MemorySender(clock)
        self.live.trust()
        with store.unit_of_work() as uow:
            uow.guardrails.put(shop.shop_id, guardrails(plan_budget=eur(20_000)), "mia", BEGUN, "")
        clock.set(BEGUN)
        self.set(order_confirmation="us", shipping_notice="us", **settings)
        clock.set(BEGUN + timedelta(hours=1, minutes=1))

    def set(self, **settings: Any) -> None:
        """Set who sends what, now."""
        with self.store.unit_of_work() as uow:
            uow.order_mail.put_settings(self.shop.shop_id, OrderMailSettings(**settings), "mia", self.clock.now())

    def told(self, topic: str, payload: dict[str, Any], webhook_id: str = "") -> None:
        """Deliver a webhook and bring it to the lake."""
        self.live.hook(topic, payload, webhook_id)
        self.live.flush()

    def send(self, sender: Sender | None = None) -> OrderMailReport:
        """Send what is due."""
        return send_order_mail(
            self.store, self.lake, {"email": sender or self.sender}, self.clock, self.key, self.shop.shop_id,
            self.expect,
        )  # fmt: skip

    def expect(self) -> Expectations:
        """Read what earlier shipments say."""
        with open_facts(self.store, self.lake, [self.shop.shop_id]) as view:
            return expectations(view, self.shop, self.clock.now())

    def rows(self, kind: str = "") -> list[OrderMailRow]:
        """Give the mails, oldest first."""
        with self.store.read() as uow:
            found = [row for row in uow.order_mail.recent(self.shop.shop_id) if not kind or row.kind == kind]
            for row in found:
                uow.session.expunge(row)
        return list(reversed(found))

    def texts(self) -> list[str]:
        """Give what left, in the order it left."""
        return [f"{one.subject}\n{one.text}" for one in self.sender.messages.values()]


def an_order(number: int = 1, **changes: Any) -> dict[str, Any]:
    """An order placed an hour after the steps became ours."""
    return order(number, **changes)


def a_parcel(number: int = 1, parcel: int = 1, **changes: Any) -> dict[str, Any]:
    """A parcel of that order as Shopify's Admin API tells of it (REST resource Fulfillment)."""
    made: dict[str, Any] = {
        "id": 9_000 + 10 * number + parcel, "order_id": 1_000 + number, "name": f"#{number}.{parcel}",
        "created_at": "2026-01-15T10:00:30+00:00", "updated_at": "2026-01-15T10:00:30+00:00", "status": "success",
        "shipment_status": None, "tracking_company": "Parcel Post", "tracking_number": f"PP{number}{parcel}77",
        "tracking_url": f"https://track.parcelpost.example/{number}{parcel}", "origin_address": {"country_code": "DE"},
    }  # fmt: skip
    return {**made, **changes}
