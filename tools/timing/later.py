"""Later hours of the same local day at which a message may go instead of its planned minute."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .hours import OpenHours
from .windows import is_allowed

LATER_MINUTES = (750, 990, 1170)
"""12:30, 16:30 and 19:30 on the recipient's clock: lunch, end of work, evening. Few, so that each is tried often."""


class LaterHour(NamedTuple):
    """One open later hour."""

    no: int
    """Its place among the hours, from 1; 0 is the planned minute."""
    at: datetime
    """The instant, UTC."""
    minute: int
    """Minute of the local day."""


def later_hours(
    send_at: datetime, minutes: Sequence[int], zones: Sequence[str], windows: Sequence[OpenHours]
) -> Iterator[LaterHour]:
    """Give those of `minutes` that lie after `send_at` on its day in the first zone, and are open in every zone.

    A minute that a clock change skips is left out; of one that happens twice the first is meant.
    """
    here = ZoneInfo(zones[0])
    day = send_at.astimezone(here).date()
    for no, minute in enumerate(minutes, 1):
        wall = datetime.combine(day, time(minute // 60, minute % 60), here)
        at = wall.astimezone(UTC)
        exists = at.astimezone(here).replace(tzinfo=None) == wall.replace(tzinfo=None)
        if at > send_at and exists and is_allowed(at, zones, windows):
            yield LaterHour(no, at, minute)
