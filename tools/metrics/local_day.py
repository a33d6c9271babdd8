"""Days as people live them: the day of a shop's zone, as a whole number that every backend computes alike."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir

DAY_SECONDS = 86_400
FIRST_YEAR, LAST_YEAR = 1995, 2040
"""Years whose changes of the clock are told apart; before and after them the nearest offset holds."""


def local_day(at: ir.TimestampValue, zone: str) -> ir.IntegerValue:
    """Give the days from 1970-01-01 to the local day of an instant in an IANA zone."""
    seconds = at.epoch_seconds()
    changes = offset_changes(zone)
    first = changes[0][1]
    cases = [(seconds >= since, ibis.literal(offset, "int64")) for since, offset in reversed(changes[1:])]
    offset = ibis.cases(*cases, else_=ibis.literal(first, "int64")) if cases else ibis.literal(first, "int64")
    return (seconds + offset) // DAY_SECONDS


def day_number(day: date) -> int:
    """Give the days from 1970-01-01 to a date."""
    return (day - date(1970, 1, 1)).days


@cache
def offset_changes(zone: str) -> tuple[tuple[int, int], ...]:
    """Give (epoch second, offset from UTC in seconds) at the start of `FIRST_YEAR` and at each change after it."""
    info = ZoneInfo(zone)
    at = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
    found = [(int(at.timestamp()), _offset(at, info))]
    while at.year <= LAST_YEAR:
        following = at + timedelta(days=1)
        if _offset(following, info) != found[-1][1]:
            change = _change(at, following, info)
            found.append((int(change.timestamp()), _offset(change, info)))
        at = following
    return tuple(found)


def _change(before: datetime, after: datetime, info: ZoneInfo) -> datetime:
    """Find the second at which the offset changes between two instants."""
    old = _offset(before, info)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=int((after - before).total_seconds()) // 2)
        before, after = (middle, after) if _offset(middle, info) == old else (before, middle)
    return after


def _offset(at: datetime, info: ZoneInfo) -> int:
    offset = at.astimezone(info).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())
