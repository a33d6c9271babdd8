"""What providers say about a message after they took it, and the order in which it moves."""

from typing import Literal, get_args

DeliveryState = Literal["sent", "delivered", "bounced", "complained", "unsubscribed"]
DELIVERY_STATES: tuple[DeliveryState, ...] = get_args(DeliveryState)
ProviderEventKind = Literal[
    "sent", "delivered", "bounced", "complained", "unsubscribed", "opened", "clicked", "stop", "start", "help", "other"
]
"""What an event of a provider says; the last four are answers by text message."""

PROGRESS: dict[DeliveryState, int] = {"sent": 1, "delivered": 2, "bounced": 3, "unsubscribed": 4, "complained": 5}
"""A message only moves to a higher number: delivered never hides a complaint."""
