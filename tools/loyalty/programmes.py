"""When which of a shop's programmes is in force."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from memory.domain.base import Frozen, Instant
from memory.domain.loyalty import LoyaltyProgramme, ProgrammeVersion
from memory.domain.market import Shop

FOREVER = datetime(9999, 1, 1, tzinfo=ZoneInfo("UTC"))


class Term(Frozen):
    """A programme and the time it is in force."""

    number: int
    """Its place among the shop's terms, 0 the earliest."""
    programme: LoyaltyProgramme
    """The programme."""
    starts_at: Instant
    """First instant."""
    ends_at: Instant
    """First instant after it."""


def terms_of(history: Iterable[ProgrammeVersion], shop: Shop) -> tuple[Term, ...]:
    """Give a shop's terms, earliest first, without gaps; of programmes that start on one day the last one set counts.

    A programme set later ends all earlier ones that would have started on or after its first day.
    """
    by_day: dict[date, LoyaltyProgramme] = {}
    for version in history:
        starts_on = version.programme.starts_on
        by_day = {day: kept for day, kept in by_day.items() if day < starts_on} | {starts_on: version.programme}
    days = sorted(by_day)
    starts = [*(datetime.combine(day, time(), ZoneInfo(shop.zone)) for day in days), FOREVER]
    return tuple(
        Term(number=number, programme=by_day[day], starts_at=starts[number], ends_at=starts[number + 1])
        for number, day in enumerate(days)
    )


def in_force(terms: Sequence[Term], at: datetime) -> Term | None:
    """Give the term an instant lies in; none before the first."""
    return next((term for term in reversed(terms) if term.starts_at <= at < term.ends_at), None)
