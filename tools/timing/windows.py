"""Allowed instants: local wall time in every candidate zone, across clock changes."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from .hours import OpenHours

HORIZON_DAYS = 14
RECENT = 4096
"""Openings remembered: a batch asks for the same few instants, zones and windows again and again."""


def is_allowed(at: datetime, zones: Sequence[str], windows: Sequence[OpenHours]) -> bool:
    """Say whether all windows are open at `at` in all zones. Without a zone nothing with a window is allowed."""
    if not windows:
        return True
    return bool(zones) and all(
        _next_open(at, zone, window) == at for zone in zones for window in windows if window.binds_in(zone)
    )


def next_allowed(at: datetime, zones: Sequence[str], windows: Sequence[OpenHours]) -> datetime | None:
    """Give the first instant from `at` on at which all windows are open in all zones; none within two weeks.

    Zones are IANA names; a person with several candidate zones waits until every one of them allows. The instant
    moves on to the next opening of every window in turn until none moves it any more: no earlier one is open.
    """
    if not windows:
        return at
    found = at
    while zones and found - at <= timedelta(days=HORIZON_DAYS):
        moved = found
        for zone in zones:
            for window in windows:
                if not window.binds_in(zone):
                    continue
                opening = _next_open(moved, zone, window)
                if opening is None:
                    return None
                moved = opening
        if moved == found:
            return found
        found = moved
    return None


def is_holiday(day: date, country: str) -> bool:
    """Say whether the day is a public holiday of the country; false for a country without a known calendar."""
    return bool(country) and day in _holidays(country, day.year)


@lru_cache(maxsize=RECENT)
def _next_open(at: datetime, zone: str, window: OpenHours) -> datetime | None:
    """Give the first instant from `at` on at which one window is open in one zone; none within two weeks."""
    if _is_open(at, zone, window):
        return at
    return next((opening for opening in _openings(at, zone, window) if _is_open(opening, zone, window)), None)


def _is_open(at: datetime, zone: str, window: OpenHours) -> bool:
    local = at.astimezone(_zone(zone))
    closed = bool(window.holidays_of) and is_holiday(local.date(), window.holidays_of)
    return window.allows(local.hour * 60 + local.minute, local.weekday(), closed)


def _openings(at: datetime, zone: str, window: OpenHours) -> Iterator[datetime]:
    """Give in order every instant from `at` on at which the window may open: its hour, midnight and clock changes.

    Where the local hour happens twice both instants are given; a skipped one moves on by the length of the gap.
    """
    here = _zone(zone)
    today = at.astimezone(here).date()
    for offset in range(HORIZON_DAYS + 1):
        day = today + timedelta(days=offset)
        instants: set[datetime] = set()
        for minute in {0, window.opens_minute % 1440}:
            wall = datetime(day.year, day.month, day.day, minute // 60, minute % 60)  # noqa: DTZ001  wall time
            instants.update(wall.replace(tzinfo=here, fold=fold).astimezone(UTC) for fold in (0, 1))
        yield from sorted(instant for instant in instants if instant >= at)


@cache
def _zone(name: str) -> ZoneInfo:
    """Keep every zone: the library remembers eight, and the candidate zones of one country can be more."""
    return ZoneInfo(name)


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    import holidays

    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()
