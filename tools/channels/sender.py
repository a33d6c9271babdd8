"""The port every channel implements."""

from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from memory.domain.message import HandOff, ProviderKind, Rendered


class Sender(Protocol):
    """Hands one rendered message to a provider. Never raises for what a provider does."""

    name: str
    """Stable name; a claim made under another name is treated like one of a blind provider."""
    kind: ProviderKind
    """Whether the provider deduplicates by key, can be asked, or is blind."""
    is_live: bool
    """Whether real people can be reached; rehearsals (memory, mailbox folder) are not live."""
    key_life: timedelta | None
    """How long the provider remembers a key; none for ever."""

    def hand_off(self, message: Rendered) -> HandOff:
        """Give what became of the message: accepted, refused or ambiguous."""
        ...


@runtime_checkable
class Queryable(Protocol):
    """A sender of kind `queryable`: the provider can be asked what it took."""

    def look_up(self, message: Rendered, since: datetime, known: frozenset[str]) -> HandOff:
        """Give `Accepted` where the provider has the message, taken since then and not under a `known` receipt.

        `Refused` means that it shows no such message, which proves nothing; `Ambiguous` that it could not be asked.
        """
        ...
