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


class LiveIntake(Intake):
    """Collects the facts of many small deliveries."""

    def __init__(self, shop: Shop, keys: Keys, at: datetime, folder: Path) -> None:
        """Spool rows in `folder`, which is made."""
        folder.mkdir()
        super().__init__(Source(folder / "live"), shop, keys, at, folder)
        self.deeds: list[Deed] = []
        self.received_at = 0
        """When the delivery that is being taken came in."""

    def fact(self, table: str, source: str, source_id: str, event_at: int, values: Mapping[str, Any]) -> str:
        """Take one fact; a person's own deed is noted."""
        if table == "events" and values.get("subject_id") and not values.get("is_machine"):
            trigger = LISTENED.get(values["kind"])
            if trigger:
                self.deeds.append(Deed(values["subject_id"], trigger, event_at, self.received_at))
        return super().fact(table, source, source_id, event_at, values)
