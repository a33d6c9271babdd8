"""Allowed instants: local wall time in every candidate zone, across clock changes."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from .hours import OpenHours

HORIZON_DAYS = 14


def is_allowed(at: datetime, zones: Sequence[str], windows: Sequence[OpenHours]) -> bool:
    """Say whether all windows are open at `at` in all zones. Without a zone nothing with a window is allowed."""
    if not windows:
        return True
    return bool(zones) and all(_is_open(at, zone, window) for zone in zones for window in windows)


def next_allowed(at: datetime, zones: Sequence[str], windows: Sequence[OpenHours]) -> datetime | None:
    """Give the first instant from `at` on at which all windows are open in all zones; none within two weeks.

    Zones are IANA names; a person with several candidate zones waits until every one of them allows.
    """
    if is_allowed(at, zones, windows):
        return at
    openings = sorted({c for zone in zones for window in windows for c in _openings(at, zone, window)})
    return next((opening for opening in openings if is_allowed(opening, zones, windows)), None)


def is_holiday(day: date, country: str) -> bool:
    """Say whether the day is a public holiday of the country; false for a country without a known calendar."""
    return bool(country) and day in _holidays(country, day.year)


def _is_open(at: datetime, zone: str, window: OpenHours) -> bool:
    local = at.astimezone(ZoneInfo(zone))
    closed = is_holiday(local.date(), window.holidays_of)
    return window.allows(local.hour * 60 + local.minute, local.weekday(), closed)


def _openings(at: datetime, zone: str, window: OpenHours) -> Iterator[datetime]:
    """Give every instant from `at` on at which the window may open: its hour, midnight and clock changes.

    Where the local hour happens twice both instants are given; a skipped one moves on by the length of the gap.
    """
    here = ZoneInfo(zone)
    today = at.astimezone(here).date()
    for offset in range(HORIZON_DAYS + 1):
        day = today + timedelta(days=offset)
        for minute in {0, window.opens_minute % 1440}:
            wall = datetime(day.year, day.month, day.day, minute // 60, minute % 60)  # noqa: DTZ001  wall time
            for fold in (0, 1):
                instant = wall.replace(tzinfo=here, fold=fold).astimezone(UTC)
                if instant >= at:
                    yield instant


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    import holidays

    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()
