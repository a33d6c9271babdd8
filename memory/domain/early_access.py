"""Early access: goods set aside for members, who may buy them so many hours before everybody else."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field

from .base import Count, Frozen, Instant, Slug

MAX_HOURS = 336


class Drop(Frozen):
    """An article that members may buy before others, in limited number."""

    id: Slug
    """Its name."""
    sku: Annotated[str, Field(min_length=1, max_length=100)]
    """The article."""
    hours: Annotated[int, Field(ge=1, le=MAX_HOURS)]
    """How much earlier members may buy at most; a tier's privilege may give them fewer."""
    public_on: Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]
    """The day on which everybody may buy, wherever they live."""
    public_minute: Annotated[int, Field(ge=0, le=1439)] = 0
    """The minute of that local day."""
    n_total: Annotated[int, Field(ge=1, le=2**40)]
    """So many are set aside."""
    n_taken: Count = 0
    """So many are taken."""

    def public_at(self, zone: str) -> datetime:
        """Give when everybody who lives in the zone may buy."""
        clock = time(self.public_minute // 60, self.public_minute % 60)
        return datetime.combine(self.public_on, clock, ZoneInfo(zone))

    def opens_at(self, zone: str, hours: int) -> datetime:
        """Give when a member who lives in the zone may buy: so many real hours before everybody there.

        `hours` are those of the member's tier; never more than were set aside for.
        """
        public = self.public_at(zone).astimezone(UTC)
        return (public - timedelta(hours=min(hours, self.hours))).astimezone(ZoneInfo(zone))

    def postponed(self, unreleased_until: date | None) -> Self:
        """Give the same with a release that was put off since: nobody buys before the catalogue lets everybody."""
        if unreleased_until is None or unreleased_until <= self.public_on:
            return self
        return self.model_copy(update={"public_on": unreleased_until})


ClaimCode = Literal["claimed", "already_claimed", "public", "too_early", "not_a_member", "no_privilege", "sold_out"]
"""How asking for one ends."""


class ClaimResult(Frozen):
    """What came of asking for one."""

    drop_id: str
    """For what."""
    person_id: str
    """Who."""
    code: ClaimCode
    """How it ended."""
    opens_at: Instant | None
    """When it opens for them, in their zone; null where it does not open for them before others."""
    public_at: Instant
    """When it opens for everybody in their zone."""
    n_left: Count
    """How many are left."""

    @property
    def is_granted(self) -> bool:
        """Whether they have one."""
        return self.code in ("claimed", "already_claimed")
