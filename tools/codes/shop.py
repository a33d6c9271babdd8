"""The port of a shop that makes codes on request. What it cannot do is a result, never an exception."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from memory.domain.money import Money


class Worth(NamedTuple):
    """What a code of an offer is worth at the checkout."""

    title: str
    """What the shop's own people call it; names no customer."""
    off: Money | None
    """A sum off the basket."""
    rate: float | None
    """A share off the basket; one of both."""
    min_spend: Money
    """The smallest basket."""
    starts_at: datetime
    """From when on it holds."""
    ends_at: datetime
    """Until when."""
    uses: int = 1
    """On how many orders one code holds."""


class Made(NamedTuple):
    """The shop has it, under this name."""

    name: str
    """The shop's own name of the discount, or of the job that makes codes."""


class JobEnd(NamedTuple):
    """A job that makes codes is over."""

    made: frozenset[str]
    """The codes it made."""
    errors: Mapping[str, str]
    """The others, with the shop's reason."""


class Declined(NamedTuple):
    """The shop does not want this."""

    code: str
    """Its reason, such as `TAKEN`."""
    message: str
    """The same in its words."""


class NotNow(NamedTuple):
    """Nobody can say now: it did not answer, is busy, or does not know us."""

    reason: str
    """What happened."""
    is_ours: bool = False
    """Whether a person has to set something right here, such as a token."""


class CodeShop(Protocol):
    """A shop that makes codes. Safe to ask again: a code that is there is never made a second time."""

    @property
    def batch(self) -> int:
        """How many codes it takes at once."""
        ...

    def find(self, codes: Sequence[str]) -> Mapping[str, str] | NotNow:
        """Give the discount (the shop's name of it) that each of these codes belongs to; unknown codes are missing."""
        ...

    def create(self, worth: Worth, code: str) -> Made | Declined | NotNow:
        """Make a discount with its first code."""
        ...

    def add(self, discount: str, codes: Sequence[str]) -> Made | Declined | NotNow:
        """Let the shop add codes to a discount, at most `batch`; give the name of the job that does it."""
        ...

    def look(self, job: str) -> JobEnd | Declined | NotNow | None:
        """Ask what became of a job; none while it works. `Declined` where the shop knows no such job any more."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...
