"""Slots: the instants at which a schedule fires. Pure dates; nobody waits here."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from memory.domain.run import Schedule

MOST_MISSED = 10_000


class Slot(NamedTuple):
    """One slot."""

    name: str
    """Unique within the schedule: the local date, or the hour in UTC. An hour that comes twice is one slot."""
    at: datetime
    """Its instant."""


def latest_slot(schedule: Schedule, now: datetime) -> Slot | None:
    """Give the newest slot that is not in the future; none where the first is still to come.

    A clock that went back to before the schedule was set up finds none either.
    """
    for slot in _backwards(schedule, now):
        if not _counts(schedule, slot):
            return None
        if slot.at <= now:
            return slot
    return None


def next_slot(schedule: Schedule, now: datetime) -> Slot | None:
    """Give the first slot that is in the future; none for a schedule that waits for data."""
    found = None
    for slot in _backwards(schedule, now):
        if slot.at <= now:
            break
        found = slot
    return found


def n_between(schedule: Schedule, after: datetime, slot: Slot) -> int:
    """Count slots behind `after` and before `slot`: those nobody was there to fire; stops at `MOST_MISSED`."""
    n_missed = 0
    for earlier in _backwards(schedule, slot.at):
        if earlier.at >= slot.at:
            continue
        if earlier.at <= after or not _counts(schedule, earlier) or n_missed == MOST_MISSED:
            break
        n_missed += 1
    return n_missed


def slot_length(schedule: Schedule) -> timedelta:
    """Give how much time a tick of this schedule covers."""
    days = {"day": 1, "week": 7, "month": 31, "year": 366}
    return timedelta(days=days[schedule.every]) if schedule.every in days else timedelta(hours=1)


def _counts(schedule: Schedule, slot: Slot) -> bool:
    """Slots before the schedule was set up never fire, but the hour in which it was does."""
    return slot.at >= schedule.created_at - (timedelta(hours=1) if schedule.every == "hour" else timedelta())


def _backwards(schedule: Schedule, now: datetime) -> Iterator[Slot]:
    """Give slots from the one after `now` back in time."""
    if schedule.every == "hour":
        minute = schedule.local_minute % 60
        at = now.astimezone(UTC).replace(minute=minute, second=0, microsecond=0) + timedelta(hours=1)
        while at.year > 1:
            yield Slot(f"{at:%Y-%m-%dT%H}Z", at)
            at -= timedelta(hours=1)
        return
    for day in _days(schedule, now.astimezone(ZoneInfo(schedule.zone)).date()):
        yield Slot(day.isoformat(), _instant(day, schedule))


def _days(schedule: Schedule, today: date) -> Iterator[date]:
    match schedule.every:
        case "day":
            for back in range(-1, 40_000):
                yield today - timedelta(days=back)
        case "week":
            first = today - timedelta(days=today.weekday()) + timedelta(days=schedule.weekday + 7)
            for back in range(6_000):
                yield first - timedelta(weeks=back)
        case "month":
            for back in range(-1, 1_200):
                months = today.year * 12 + today.month - 1 - back
                yield _clipped(months // 12, months % 12 + 1, schedule.day)
        case "year":
            for back in range(-1, 100):
                yield _clipped(today.year - back, schedule.month, schedule.day)


def _clipped(year: int, month: int, day: int) -> date:
    """The last day of the month where it has no such day: the 31st, and 29 February outside leap years."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def _instant(day: date, schedule: Schedule) -> datetime:
    """The local minute of that day; one that the clock skips moves on by the gap, one that it repeats is the first."""
    hour, minute = divmod(schedule.local_minute, 60)
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(schedule.zone))
    return local.astimezone(UTC)
