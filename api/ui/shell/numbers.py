"""Numbers, money, rates, days and instants as people of the workspace's language write them (Babel)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from memory.domain.money import Money, exponent

from .words import LOCALE, UiLanguage


def whole(number: float, language: UiLanguage) -> str:
    """Give a count: 1,234,567."""
    from babel.numbers import format_decimal

    return format_decimal(round(number), locale=LOCALE[language])


def percent(rate: float, language: UiLanguage, digits: int = 1) -> str:
    """Give a rate of 0..1 as a percentage: 0.1234 is 12.3%."""
    from babel.numbers import format_percent

    return format_percent(rate, format=f"#,##0.{'0' * digits}%" if digits else "#,##0%", locale=LOCALE[language])


def points(rate: float, digits: int = 1) -> str:
    """Give a difference of two rates in percentage points, with its sign."""
    return f"{rate * 100:+.{digits}f} pp"


def money(sum_: Money, language: UiLanguage, *, is_short: bool = False) -> str:
    """Give money with its currency: €1,234.50; a short form drops what is smaller than one unit."""
    from babel.numbers import format_currency

    digits = 0 if is_short else exponent(sum_.currency)
    value = sum_.amount_minor / 10 ** exponent(sum_.currency)
    form = "¤#,##0" + (f".{'0' * digits}" if digits else "")
    return format_currency(value, sum_.currency, format=form, currency_digits=False, locale=LOCALE[language])


def day(on: date, language: UiLanguage) -> str:
    """Give a day: Nov 27, 2026 or 2026年11月27日."""
    from babel.dates import format_date

    return format_date(on, format="long" if language == "zh" else "medium", locale=LOCALE[language])


def instant(at: datetime, zone: str, language: UiLanguage) -> str:
    """Give an instant by a zone's clock, with the zone's name: Nov 27, 2026, 19:14 (Europe/Berlin)."""
    from babel.dates import format_datetime

    form = "y年M月d日 HH:mm" if language == "zh" else "MMM d, y, HH:mm"
    local = at.astimezone(ZoneInfo(zone))
    return f"{format_datetime(local, format=form, locale=LOCALE[language])} ({zone})"


def language_name(code: str, language: UiLanguage) -> str:
    """Give the name of a language, `de` as German or 德语; a code that has none stays as it is."""
    from babel import Locale

    return str(Locale.parse(LOCALE[language]).languages.get(code, code))


def country_name(code: str, language: UiLanguage) -> str:
    """Give the name of a country with its code, `DE` as Germany (DE); a code that has none stays as it is."""
    from babel import Locale

    name = Locale.parse(LOCALE[language]).territories.get(code)
    return f"{name} ({code})" if name else code
