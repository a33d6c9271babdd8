"""Reading single fields: amounts, instants, flags, countries. A wrong one rejects its row."""

from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from memory.domain.money import exponent

from .errors import RowRejected
from .text import clean

MAX_MINOR = 2**53
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MIN_INSTANT = datetime(1990, 1, 1, tzinfo=UTC)
MAX_INSTANT = datetime(2100, 1, 1, tzinfo=UTC)
_YES = frozenset({"yes", "true", "1", "y"})
_NO = frozenset({"no", "false", "0", "n", ""})


def short(value: object) -> str:
    """Give a value as it may stand in a reason: cleaned and at most 40 characters, so that nothing is smuggled in."""
    return repr(clean(str(value)[:200], 40))


@lru_cache(maxsize=65_536)
def minor(text: str, currency: str, what: str = "amount") -> int:
    """Give an exact sum such as `12.50` in minor units; raise `RowRejected` for anything else."""
    try:
        value = Decimal(text.strip().lstrip("'"))
    except InvalidOperation:
        raise RowRejected(f"{what} {short(text)} is not a plain number such as 12.50") from None
    if not value.is_finite():
        raise RowRejected(f"{what} {short(text)} is not a finite number")
    if value.adjusted() > 16:
        raise RowRejected(f"{what} {short(text)} is too large")
    scaled = value.scaleb(exponent(currency))
    if scaled != scaled.to_integral_value():
        raise RowRejected(f"{what} {short(text)} has more decimals than {currency} knows")
    if abs(scaled) > MAX_MINOR:
        raise RowRejected(f"{what} {short(text)} is too large")
    return int(scaled)


def minor_or(text: str | None, currency: str, what: str, default: int = 0) -> int:
    """Give a sum in minor units, or `default` where the field is empty."""
    return minor(text, currency, what) if text and text.strip() else default


def not_negative(value: int, what: str) -> int:
    """Give the value; raise `RowRejected` below zero."""
    if value < 0:
        raise RowRejected(f"{what} is negative")
    return value


@lru_cache(maxsize=65_536)
def micros(text: str, what: str = "time") -> int:
    """Give an instant with an offset as microseconds since 1970 in UTC; a time without one is refused."""
    written = text.strip()
    if len(written) > 20 and written[-6] == " " and written[-5] in "+-":
        written = written[:-6] + written[-5:]  # Shopify writes `2026-05-14 11:23:45 +0100`
    elif written.endswith(" UTC"):
        written = written.removesuffix(" UTC") + "+00:00"
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise RowRejected(f"{what} {short(text)} is no ISO 8601 time") from None
    if at.tzinfo is None:
        raise RowRejected(f"{what} {short(text)} has no offset from UTC; write it as 2026-01-15T12:00:00+01:00")
    return as_micros(at, what)


def as_micros(at: datetime, what: str = "time") -> int:
    """Give an aware datetime as microseconds since 1970; raise `RowRejected` outside 1990 to 2100."""
    if not MIN_INSTANT <= at < MAX_INSTANT:
        raise RowRejected(f"{what} {short(at)} lies outside 1990 to 2100")
    span = at - EPOCH
    return (span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds


def micros_of_day(day: date) -> int:
    """Give the first instant of a UTC day as microseconds since 1970."""
    return (day - EPOCH.date()).days * 86_400 * 1_000_000


def day(text: str, what: str = "date") -> date:
    """Give a date such as `2026-01-15`."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise RowRejected(f"{what} {short(text)} is no date such as 2026-01-15") from None


def whole(text: str, what: str) -> int:
    """Give a whole number that fits 53 bits."""
    written = text.strip().lstrip("'")
    if len(written) > 18 or not written.lstrip("-").isascii() or not written.lstrip("-").isdigit():
        raise RowRejected(f"{what} {short(text)} is no whole number")
    number = int(written)
    if abs(number) > MAX_MINOR:
        raise RowRejected(f"{what} {short(text)} is too large")
    return number


def flag(text: str, what: str) -> bool:
    """Give yes or no; raise `RowRejected` for anything else."""
    written = text.strip().lower()
    if written in _YES:
        return True
    if written in _NO:
        return False
    raise RowRejected(f"{what} {short(text)} is neither yes nor no")


def currency_code(text: str) -> str:
    """Give an ISO 4217 code; raise `RowRejected` for anything that has not its form."""
    written = text.strip()
    if len(written) != 3 or not written.isascii() or not written.isalpha() or not written.isupper():
        raise RowRejected(f"currency {short(text)} is no ISO code such as EUR")
    return written


_OTHER_NAMES = {
    "EIRE": "IE", "USA": "US", "RSA": "ZA", "KOREA": "KR", "UK": "GB", "CHANNEL ISLANDS": "JE", "HONG KONG": "HK",
    "CZECH REPUBLIC": "CZ", "ENGLAND": "GB", "SCOTLAND": "GB", "WALES": "GB", "MACAU": "MO", "VIETNAM": "VN",
    "SOUTH KOREA": "KR", "TAIWAN": "TW", "TURKEY": "TR", "RUSSIA": "RU", "UNITED STATES OF AMERICA": "US",
}  # fmt: skip


@lru_cache(maxsize=4_096)
def country(text: str | None) -> str | None:
    """Give the ISO code of a country written as code or English name; none where it is unknown."""
    written = " ".join((text or "").split()).upper()
    if not written:
        return None
    names = _names()
    if written in names.values() and len(written) == 2:
        return written
    return _OTHER_NAMES.get(written) or names.get(written)


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    from babel import Locale

    names = Locale("en").territories
    return {name.upper(): code for code, name in names.items() if len(code) == 2 and code.isalpha() and code != "ZZ"}


@lru_cache(maxsize=4_096)
def language(text: str | None) -> str | None:
    """Give the ISO 639-1 code of a locale such as `de-CH`; none where it has none."""
    code = (text or "").strip().replace("_", "-").partition("-")[0].lower()
    return code if len(code) == 2 and code.isascii() and code.isalpha() else None


@lru_cache(maxsize=4_096)
def zone(text: str | None) -> str | None:
    """Give an IANA zone that exists; none otherwise."""
    from zoneinfo import available_timezones

    written = (text or "").strip()
    return written if written in _zones(available_timezones) else None


@lru_cache(maxsize=1)
def _zones(available: object) -> frozenset[str]:
    from zoneinfo import available_timezones

    return frozenset(available_timezones())
