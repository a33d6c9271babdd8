"""Messages in the outbox, without the plan and tick behind them."""

from datetime import datetime
from typing import Any

from memory.store.instants import to_micros
from memory.store.unit_of_work import UnitOfWork


def a_send(
    uow: UnitOfWork, shop_id: str, send_key: str, person_id: str, channel: str, at: datetime, **changes: Any
) -> None:
    """Put a message that a provider took into the outbox."""
    row: dict[str, Any] = {
        "send_key": send_key, "shop_id": shop_id, "plan_id": "plan", "batch_id": "b", "step_id": "step",
        "person_id": person_id, "cohort": "first_time", "channel": channel, "message_kind": "thank_you",
        "message_class": "service", "template": "thank_you", "due_at": to_micros(at), "send_at": to_micros(at),
        "cost_millis": 10, "state": "sent", "receipt": f"r-{send_key}", "claimed_at": to_micros(at),
        "finished_at": to_micros(at),
    }  # fmt: skip
    uow.outbox.plan([row | changes])
