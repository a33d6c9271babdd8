"""Around approvals: whom a waiting request is told to, who steps in, and whose texts somebody has to have read."""

from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator

from .base import Frozen, Instant, Slug
from .canonical import content_hash
from .market import CountryCode, Language

BotVendor = Literal["feishu", "dingtalk", "wecom", "slack"]
BOT_VENDORS: tuple[BotVendor, ...] = ("feishu", "dingtalk", "wecom", "slack")
SpokenTo = Literal["en", "zh"]
"""The language of the product's own words to somebody."""
PrincipalId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.@-]{0,63}$")]
MAX_ENTRIES = 50


def _zone(name: str) -> str:
    if name:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise ValueError("write an IANA zone such as Asia/Shanghai") from None
    return name


Zone = Annotated[str, Field(max_length=64), AfterValidator(_zone)]
"""An IANA zone; the shop's where it is empty."""


class MailTo(Frozen):
    """Where somebody gets mails about approvals."""

    principal: PrincipalId
    """Who."""
    address: Annotated[str, Field(max_length=254, pattern=r"^[^@\s<>,;:\"()\[\]\\]+@[^@\s<>,;:\"()\[\]\\]+$")]
    """Their address."""
    zone: Zone = ""
    """By whose clock they read an expiry."""
    language: SpokenTo = "en"
    """In which language."""


class ChatBot(Frozen):
    """A bot of a chat group; its address and secret are secrets of the shop (`notify.NAME.url`, `.secret`)."""

    name: Annotated[Slug, Field(max_length=40)]
    """What the shop calls it."""
    vendor: BotVendor
    """Whose contract it speaks."""
    zone: Zone = ""
    """By which clock it says an expiry."""
    language: SpokenTo = "en"
    """In which language."""


class Deputy(Frozen):
    """Who may decide in an approver's place once a request has waited for some hours."""

    approver: PrincipalId
    """In whose place."""
    deputy: PrincipalId
    """Who."""
    after_hours: Annotated[int, Field(ge=1, le=336)]
    """How long a request waits before."""


class MarketReader(Frozen):
    """A market whose texts have to be read by somebody who reads its language, before a plan may be approved."""

    market: CountryCode
    """The market."""
    language: Language
    """The language somebody has to read."""
    readers: tuple[PrincipalId, ...] = Field(min_length=1, max_length=20)
    """Who reads it; one of them is enough."""


class ApprovalRules(Frozen):
    """A shop's rules around approvals; what is empty asks for nothing and tells nobody."""

    mails: tuple[MailTo, ...] = Field(default=(), max_length=MAX_ENTRIES)
    """Whom to tell by mail."""
    bots: tuple[ChatBot, ...] = Field(default=(), max_length=MAX_ENTRIES)
    """Which chat groups to tell."""
    deputies: tuple[Deputy, ...] = Field(default=(), max_length=MAX_ENTRIES)
    """Who steps in for whom."""
    readers: tuple[MarketReader, ...] = Field(default=(), max_length=MAX_ENTRIES)
    """Markets whose texts somebody has to have read."""

    @property
    def version(self) -> str:
        """The hash of the content."""
        return content_hash(self)

    @model_validator(mode="after")
    def _belongs_together(self) -> Self:
        for what, keys in (
            ("principal with a mail address", [one.principal for one in self.mails]),
            ("bot", [one.name for one in self.bots]),
            ("approver with a deputy", [one.approver for one in self.deputies]),
            ("market", [one.market for one in self.readers]),
        ):
            if len(keys) != len(set(keys)):
                raise ValueError(f"each {what} may stand here once")
        if any(one.approver == one.deputy for one in self.deputies):
            raise ValueError("nobody is their own deputy")
        return self


class RulesInForce(Frozen):
    """One version of the rules and who set it."""

    version: str
    """Hash of the content."""
    rules: ApprovalRules
    """The rules."""
    set_by: str = ""
    """Who set them; empty where nobody ever did."""
    set_at: Instant | None = None
    """When."""
    note: str = ""
    """What was changed, in words."""
