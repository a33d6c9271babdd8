"""The intake of live deliveries: as for files, and it notes what people did that a step may wait for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from memory.domain.market import Shop
from tools.identity.keys import Keys
from tools.ingest.intake import Intake
from tools.ingest.source import Source

TriggerKind = Literal["delivered", "intent"]
LISTENED: dict[str, TriggerKind] = {
    "delivery": "delivered",
    "view": "intent",
    "cart": "intent",
    "checkout": "intent",
    "app_open": "intent",
    "mail_click": "intent",
}
"""Event kinds that may make a step due, and the trigger they belong to."""
MAILED_CHANNELS = frozenset({"web", "app"})
"""Orders that get a confirmation from us: marketplaces and tills hand out their own."""


@dataclass(frozen=True)
class Deed:
    """What one person did, for the trigger run."""

    subject_id: str
    """Who, as a pseudonym."""
    trigger: TriggerKind
    """Which trigger listens."""
    event_at: int
    """When it happened, microseconds since 1970."""
    received_at: int
    """When we heard of it."""


@dataclass(frozen=True)
class Placed:
    """An order or parcel that was heard of, which a mail may be about."""

    fact_id: str
    """The order's or shipment's."""
    order_ref: str
    """The shop's own order name."""
    subject_id: str
    """Whose order, as a pseudonym; empty where nobody says so, and for parcels."""
    event_at: int
    """When it was placed or handed over, microseconds since 1970."""
    received_at: int
    """When we heard of it."""


@dataclass(frozen=True)
class Tracking:
    """How a parcel can be followed."""

    carrier: str
    """Who carries it, as the shop writes it."""
    number: str
    """The tracking number; empty where none is known."""
    url: str
    """Where it can be followed; empty where nobody says so."""


class LiveIntake(Intake):
    """Collects the facts of many small deliveries."""

    def __init__(self, shop: Shop, keys: Keys, at: datetime, folder: Path) -> None:
        """Spool rows in `folder`, which is made."""
        folder.mkdir()
        super().__init__(Source(folder / "live"), shop, keys, at, folder)
        self.deeds: list[Deed] = []
        self.orders: list[Placed] = []
        self.parcels: list[Placed] = []
        self.tracking: dict[str, Tracking] = {}
        """How parcels can be followed, by shipment."""
        self.received_at = 0
        """When the delivery that is being taken came in."""

    def fact(self, table: str, source: str, source_id: str, event_at: int, values: Mapping[str, Any]) -> str:
        """Take one fact; a person's own deed is noted."""
        if table == "events" and values.get("subject_id") and not values.get("is_machine"):
            trigger = LISTENED.get(values["kind"])
            if trigger:
                self.deeds.append(Deed(values["subject_id"], trigger, event_at, self.received_at))
        key = super().fact(table, source, source_id, event_at, values)
        if table in ("orders", "shipments") and not values["is_cancelled"]:
            self._placed(table, key, event_at, values)
        return key

    def tracked(self, parcel_id: str, carrier: str, number: str, url: str) -> None:
        """Keep how a parcel can be followed: the last word of several counts."""
        self.tracking[parcel_id] = Tracking(carrier, number, url)

    def _placed(self, table: str, key: str, event_at: int, values: Mapping[str, Any]) -> None:
        found = Placed(key, values["order_ref"], values.get("subject_id") or "", event_at, self.received_at)
        if table == "shipments":
            self.parcels.append(found)
        elif values["channel"] in MAILED_CHANNELS:
            self.orders.append(found)
