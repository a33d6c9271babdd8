"""Messages of other tools, as an import leaves them in the store."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from memory.store.engine import Store
from memory.store.instants import to_micros


def others_sent(store: Store, people: Iterable[str], n: int, at: datetime, message_class: str = "promotional") -> None:
    """Let another tool have sent each of them `n` messages at an instant."""
    rows: list[dict[str, Any]] = [
        {
            "fact_id": f"{person}-{number}-{message_class}-{at}", "shop_id": "nord", "subject_id": person,
            "message_class": message_class, "sent_at": to_micros(at),
        }
        for person in people
        for number in range(n)
    ]  # fmt: skip
    with store.unit_of_work() as uow:
        uow.outside_sends.put(rows)
