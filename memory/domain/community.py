"""Communities: a group of a market on WeChat, Facebook or LINE, and who may be invited to it (S1-30)."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import Frozen, Instant, Slug
from .market import CountryCode
from .segment import SegmentRule

Platform = Literal["wechat", "facebook", "line", "whatsapp", "telegram", "discord"]
"""Where a community meets."""
HttpsLink = Annotated[
    str,
    Field(
        max_length=500,
        pattern=r"^https://([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}(:[0-9]{1,5})?"
        r"([/?][A-Za-z0-9._~:/?#@!$&()*+,;=%-]*)?$",
    ),
]
"""An address that a browser opens over an encrypted line."""


class Community(Frozen):
    """A private group of the shop's customers in one market; a market has one at a time."""

    id: Slug
    """Its name within the shop."""
    market: CountryCode
    """Whose customers it is for."""
    platform: Platform
    """Where it meets."""
    name: Annotated[str, Field(min_length=1, max_length=100)]
    """What customers see it called."""
    link: HttpsLink
    """Where somebody joins."""
    rule: SegmentRule | None = None
    """Who may be invited, as a segment rule."""
    min_tier: Slug | None = None
    """Or: members of the loyalty programme from this tier on."""

    @model_validator(mode="after")
    def _says_who(self) -> Self:
        if (self.rule is None) == (self.min_tier is None):
            raise ValueError("a community states who may be invited: a rule or a min_tier, not both")
        return self


class KeptCommunity(Frozen):
    """A community as the shop keeps it."""

    community: Community
    """The community."""
    set_by: str
    """Who set it last."""
    set_at: Instant
    """When."""
    ended_at: Instant | None = None
    """Since when nobody is invited any more; null while it runs."""
