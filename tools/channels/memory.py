"""The in-memory double: keeps what it took, deduplicates by key; shipped for demos, the gym and tests."""

from datetime import timedelta

from memory.domain.canonical import content_hash
from memory.domain.clock import Clock
from memory.domain.message import Accepted, HandOff, ProviderKind, Refused, Rendered


class MemorySender:
    """A keyed provider in this process."""

    name = "memory"
    kind: ProviderKind = "keyed"
    is_live = False
    key_life: timedelta | None = None

    def __init__(self, clock: Clock) -> None:
        """Start empty; receipts carry the clock's instants."""
        self._clock = clock
        self.messages: dict[str, Rendered] = {}

    def hand_off(self, message: Rendered) -> HandOff:
        """Keep the message; the same key again is accepted and kept once, with another body it is refused."""
        known = self.messages.setdefault(message.send_key, message)
        if known is not message and known != message:
            return Refused(reason="key_reused", is_retryable=False)
        return Accepted(receipt=content_hash(message)[:16], at=self._clock.now())
