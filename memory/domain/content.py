"""Content items: courses, stories and guides of the shop that sell nothing, in its languages, per platform (S1-38)."""

import re
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from .base import Frozen, Instant, Slug
from .community import HttpsLink
from .market import Language

ContentType = Literal["course", "story", "guide"]
"""A course teaches, a story tells, a guide explains."""
Audience = Literal["everybody", "members"]
"""Who gets an item."""
NOT_OF_AN_APP = frozenset(
    {"http", "ftp", "file", "javascript", "vbscript", "data", "blob", "about", "intent", "content", "mailto", "tel",
     "sms", "market", "itms-apps", "ws", "wss", "view-source", "chrome", "filesystem"}
)  # fmt: skip
"""Schemes that open something else than the shop's own app."""


_HTTPS = re.compile(
    r"https://([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}(:[0-9]{1,5})?([/?][A-Za-z0-9._~:/?#@!$&()*+,;=%-]*)?"
)


def _opens_an_app(link: str) -> str:
    scheme = urlsplit(link).scheme
    if scheme in NOT_OF_AN_APP:
        raise ValueError(f"{scheme}: does not open the shop's app; write https:// or the app's own scheme")
    if scheme == "https" and not _HTTPS.fullmatch(link):
        raise ValueError("this is no https address; write one such as https://shop.example.com/courses/first-run")
    return link


AppLink = Annotated[
    str,
    Field(max_length=500, pattern=r"^[a-z][a-z0-9+.-]{1,30}://[A-Za-z0-9._~:/?#@!$&()*+,;=%-]+$"),
    AfterValidator(_opens_an_app),
]
"""A deep link: an https address that the app claims (Universal Link, App Link), or one of the app's own scheme."""


class ContentLinks(Frozen):
    """Where an item opens, per platform."""

    ios: AppLink | None = None
    """On an iPhone or iPad; the web address where none is given."""
    android: AppLink | None = None
    """On Android; the web address where none is given."""
    web: HttpsLink | None = None
    """In a browser; an item without it is for the app alone, and no mail carries it."""

    @model_validator(mode="after")
    def _opens_everywhere(self) -> Self:
        if self.web is None and (self.ios is None or self.android is None):
            raise ValueError("an item for the app alone states both ios and android; any other states web")
        return self


class ContentWords(Frozen):
    """An item in one language."""

    title: Annotated[str, Field(min_length=1, max_length=80)]
    """What it is called."""
    text: Annotated[str, Field(min_length=1, max_length=600)]
    """What a message says of it."""


class ContentItem(Frozen):
    """One item of the shop's content library. It sells nothing: its words and links carry no offer."""

    id: Slug
    """Its name within the shop."""
    type: ContentType
    """Course, story or guide."""
    non_promotional: Literal[True] = True
    """It sells nothing; its messages are of the class service and count as value."""
    words: Annotated[dict[Language, ContentWords], Field(min_length=1)]
    """Its language versions; who reads another language gets no message of it."""
    skus: tuple[Annotated[str, Field(min_length=1, max_length=200)], ...] = ()
    """Articles it fits; whoever bought one of them gets it."""
    categories: tuple[Annotated[str, Field(min_length=1, max_length=200)], ...] = ()
    """Or: categories it fits."""
    title_words: tuple[Annotated[str, Field(min_length=2, max_length=60)], ...] = ()
    """Or: words of a title that mean what it fits, such as a material."""
    audience: Audience = "everybody"
    """Everybody, or members of the loyalty programme."""
    min_tier: Slug | None = None
    """For members from this tier of the programme on; all members where none is given."""
    links: ContentLinks
    """Where it opens."""

    @model_validator(mode="after")
    def _a_tier_is_of_members(self) -> Self:
        if self.min_tier is not None and self.audience != "members":
            raise ValueError("a min_tier is for members; write audience: members")
        return self

    @property
    def is_app_only(self) -> bool:
        """Whether it opens in the app alone."""
        return self.links.web is None

    @property
    def fits_everything(self) -> bool:
        """Whether it is for people whatever they bought."""
        return not (self.skus or self.categories or self.title_words)


class KeptContent(Frozen):
    """An item as the shop keeps it."""

    item: ContentItem
    """The item."""
    set_by: str
    """Who set it last."""
    set_at: Instant
    """When."""
    ended_at: Instant | None = None
    """Since when no message carries it any more; null while it is in use."""
