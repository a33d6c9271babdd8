"""How much room a rule leaves a plan: the measured figure, its limit, and what lies between them."""

from typing import Literal

from memory.domain.base import Frozen
from memory.domain.money import Money
from memory.domain.outcome import Blocked

Unit = Literal["money", "rate", "messages", "people", "days", "minutes"]


class Room(Frozen):
    """What a plan could still move at one place before a rule blocks it.

    Figures are `Money` where the unit is money, otherwise plain numbers: rates of 0..1, counts, days, minutes.
    """

    path: str
    """The place: a journey, an offer, `budget.total` and so on."""
    unit: Unit
    """What the figures count."""
    actual: Money | float
    """Where the plan stands."""
    limit: Money | float
    """The limit it is held to."""
    left: Money | float
    """What lies between; below 0 where the rule blocks."""

    @property
    def left_number(self) -> float:
        """The room as a plain number, money in minor units, to order places of one unit by."""
        return float(self.left.amount_minor) if isinstance(self.left, Money) else self.left


class RuleVerdict(Frozen):
    """What one rule says of a plan."""

    rule: str
    """The rule's id."""
    reasons: tuple[Blocked, ...]
    """Why it blocks; none where it holds."""
    room: tuple[Room, ...]
    """How much is left where it has a figure, the tightest place first; none where it has none."""


def money_room(path: str, actual: Money, limit: Money) -> Room:
    """Give the room below a sum; both are of one currency."""
    left = Money(amount_minor=limit.amount_minor - actual.amount_minor, currency=limit.currency)
    return Room(path=path, unit="money", actual=actual, limit=limit, left=left)


def below(path: str, unit: Unit, actual: float, limit: float) -> Room:
    """Give the room of a figure that must not rise above its limit."""
    return Room(path=path, unit=unit, actual=actual, limit=limit, left=round(limit - actual, 6))


def above(path: str, unit: Unit, actual: float, limit: float) -> Room:
    """Give the room of a figure that must not fall below its limit."""
    return Room(path=path, unit=unit, actual=actual, limit=limit, left=round(actual - limit, 6))


def tightest(rooms: list[Room]) -> tuple[Room, ...]:
    """Give the place with the least room, for rules that look at many of one unit; none where there are none."""
    return (min(rooms, key=lambda one: (one.left_number, one.path)),) if rooms else ()
