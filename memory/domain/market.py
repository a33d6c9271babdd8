"""Markets: the language, currency, zones, holidays and legal sending hours of a country, as dated data."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from .base import Frozen
from .money import Currency

Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
"""An ISO 639-1 code."""
CountryCode = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
"""An ISO 3166-1 alpha-2 code; it names the market."""
Channel = Literal["email", "sms", "push", "onpage"]
"""Where a message reaches a person."""
CHANNELS: tuple[Channel, ...] = ("email", "sms", "push", "onpage")


class LegalHours(Frozen):
    """The local hours in which promotional messages of a channel may be handed off. Not legal advice."""

    channel: Channel
    """The channel it binds."""
    opens_minute: Annotated[int, Field(ge=0, le=1440)]
    """The first allowed minute of the local day."""
    closes_minute: Annotated[int, Field(ge=0, le=1440)]
    """The first minute of the local day that is not allowed any more."""
    closed_weekdays: tuple[Annotated[int, Field(ge=0, le=6)], ...] = ()
    """Days without sending, Monday 0."""
    closed_on_holidays: bool = False
    """Whether public holidays are closed."""
    on_weekdays: tuple[Annotated[int, Field(ge=0, le=6)], ...] = ()
    """Local weekdays on which it binds; every day where none is given."""
    zones: tuple[str, ...] = ()
    """IANA zones it binds in (the hours of a state that lies there); all where none is given."""
    source: str
    """Where the rule was read."""
    as_of: date
    """When it was read."""

    def binds(self, channel: str, zones: Iterable[str], weekday: int) -> bool:
        """Say whether it binds a message on the channel to someone in one of the zones on a local weekday."""
        return (
            self.channel == channel
            and (not self.on_weekdays or weekday in self.on_weekdays)
            and (not self.zones or any(zone in self.zones for zone in zones))
        )


class Market(Frozen):
    """What a country means for copy, money and timing."""

    country: CountryCode
    """The country."""
    name: str
    """Its English name."""
    language: Language
    """The language of copy by default."""
    currency: Currency
    """The currency prices are shown in."""
    zones: tuple[str, ...]
    """All IANA zones of the country; the first is the default where a person's zone is unknown."""
    legal_hours: tuple[LegalHours, ...] = ()
    """Legal hours per channel."""
    taboo_words: tuple[str, ...] = ()
    """Words copy must not hold in this market."""


class Shop(Frozen):
    """One shop of the organisation."""

    shop_id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
    """Its id."""
    name: str
    """What customers call it."""
    currency: Currency
    """The currency its figures are summed in."""
    zone: str
    """The IANA zone of its days."""
    home_market: CountryCode
    """Where an order without a country counts."""
    sender_email: str = "shop@example.invalid"
    """The From address of its mails."""
    postal_address: str = ""
    """The postal address that marketing mails must show."""
    website: str = "https://shop.example.invalid"
    """Its front page."""
