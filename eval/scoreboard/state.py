"""What has happened to a crowd so far under one policy, and what a policy is."""

from dataclasses import dataclass, field
from typing import Protocol

from eval.gym.catalogue import Flags, Floats, Ints

from .crowd import Crowd
from .options import Option

CLASSES = ("service", "promotional", "transactional")


class Policy(Protocol):
    """Decides whom each option of a day is for."""

    def options(self, day: int) -> tuple[Option, ...]:
        """Give what could be sent on the day."""
        ...

    def values(self, option: Option, who: Ints, state: "State") -> Floats:
        """Give per person what sending the option is thought to be worth less its cost; it is sent where above 0."""
        ...


@dataclass
class State:
    """What has happened so far; one entry per person."""

    crowd: Crowd
    day: int
    last: Ints
    """Day of the last order, with the messages that were sent."""
    parcel: Ints
    """What became of its parcel (`eval.gym.lanes`)."""
    allows: Flags
    """(n, channels)."""
    control: Flags
    """Who is withheld."""
    sent: dict[str, Ints]
    """Per class (n, days): messages handed off."""
    load: Floats
    """Messages still remembered, fading by day."""
    memo: dict[str, Floats] = field(default_factory=dict)
    """What a policy worked out for everybody today."""
    received: dict[str, Flags] = field(default_factory=dict)
    """Per step: who got it."""

    def recent(self, message_class: str, window_days: int) -> Ints:
        """Give how many messages of a class each person got in the rolling window that ends today."""
        first = max(self.day - window_days + 1, 0)
        counts: Ints = self.sent[message_class][:, first : self.day + 1].sum(axis=1)
        return counts
