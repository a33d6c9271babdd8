"""Early access: goods set aside for members, who may buy them so many hours before everybody else."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from .base import Count, Frozen, Slug

MAX_HOURS = 336


class Drop(Frozen):
    """An article that members may buy before others, in limited number."""

    id: Slug
    """Its name."""
    sku: Annotated[str, Field(min_length=1, max_length=100)]
    """The article."""
    hours: Annotated[int, Field(ge=1, le=MAX_HOURS)]
    """How much earlier members may buy."""
    public_on: date
    """The day on which everybody may buy, wherever they live."""
    public_minute: Annotated[int, Field(ge=0, le=1439)] = 0
    """The minute of that local day."""
    n_total: Annotated[int, Field(ge=1, le=2**40)]
    """So many are set aside."""
    n_taken: Count = 0
    """So many are taken."""

    def public_at(self, zone: str) -> datetime:
        """Give when everybody who lives in the zone may buy."""
        midnight = datetime.combine(self.public_on, time(), ZoneInfo(zone))
        return midnight.replace(hour=self.public_minute // 60, minute=self.public_minute % 60)

    def opens_at(self, zone: str) -> datetime:
        """Give when members who live in the zone may buy: so many real hours before everybody there."""
        public = self.public_at(zone)
        return (public.astimezone(ZoneInfo("UTC")) - timedelta(hours=self.hours)).astimezone(ZoneInfo(zone))


ClaimCode = Literal["claimed", "already_claimed", "public", "too_early", "not_a_member", "no_privilege", "sold_out",
                    "not_released"]  # fmt: skip
"""How asking for one ends."""


class ClaimResult(Frozen):
    """What came of asking for one."""

    drop_id: str
    """For what."""
    person_id: str
    """Who."""
    code: ClaimCode
    """How it ended."""
    opens_at: datetime
    """When it opens for them, in their zone."""
    public_at: datetime
    """When it opens for everybody in their zone."""
    n_left: Count
    """How many are left."""

    @property
    def is_granted(self) -> bool:
        """Whether they have one."""
        return self.code in ("claimed", "already_claimed")
