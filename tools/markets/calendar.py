"""Market calendars: on which days a market rests or celebrates, and what that does to parcels and to promotion.

Lunar and movable days are facts of the years they are known for (`FIRST_YEAR` to `LAST_YEAR`); a test holds them
against an independent calendar. Outside of these years nothing is known and nothing moves.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal, Self

import yaml
from pydantic import Field, model_validator

from memory.domain.base import Frozen, Slug
from memory.domain.market import CountryCode

FIRST_YEAR, LAST_YEAR = 2025, 2028
LUNAR_NEW_YEAR = {2025: date(2025, 1, 29), 2026: date(2026, 2, 17), 2027: date(2027, 2, 6), 2028: date(2028, 1, 26)}
Anchor = Literal["easter", "lunar_new_year", "thanksgiving"]
MonthDay = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
"""A day of every year, such as 12-25."""


class PeriodRule(Frozen):
    """A period of every year: fixed days, or days counted from an anchor."""

    id: Slug
    """Its name."""
    names: dict[Literal["en", "zh"], str]
    """What people call it."""
    markets: tuple[CountryCode, ...]
    """Where it holds."""
    from_day: MonthDay | None = Field(default=None, alias="from")
    """Its first day, for fixed days."""
    until_day: MonthDay | None = Field(default=None, alias="until")
    """Its last day; before the first one in the year, it lies in the next."""
    anchor: Anchor | None = None
    """What its days are counted from."""
    days: tuple[int, int] | None = None
    """First and last day, counted from the anchor."""
    parcels: Literal["stop", "run"]
    """Whether parcels wait for its end."""
    promotions: Literal["pause", "run"]
    """Whether promotional steps wait for its end."""
    source: str
    """Where that was read, or that it is custom."""

    @model_validator(mode="after")
    def _dated(self) -> Self:
        if (self.from_day is None) == (self.anchor is None) or (self.from_day is None) != (self.until_day is None):
            raise ValueError("a period states from and until, or an anchor with days")
        if (self.anchor is None) != (self.days is None):
            raise ValueError("an anchor goes with days")
        return self

    def of_year(self, year: int) -> tuple[date, date]:
        """Give its first and last day in a year of the calendar."""
        if self.anchor is not None and self.days is not None:
            on = _anchored(self.anchor, year)
            return on + timedelta(days=self.days[0]), on + timedelta(days=self.days[1])
        assert self.from_day is not None and self.until_day is not None, "checked above"
        first, last = _on(year, self.from_day), _on(year, self.until_day)
        return first, last if last >= first else _on(year + 1, self.until_day)


class MarketPeriod(Frozen):
    """A period in one market with its dates."""

    id: Slug
    """The rule's name."""
    name: str
    """Its English name."""
    name_zh: str
    """Its Chinese name."""
    market: CountryCode
    """Where."""
    starts_on: date
    """First day."""
    ends_on: date
    """Last day."""
    stops_parcels: bool
    """Whether parcels wait for its end."""
    pauses_promotions: bool
    """Whether promotional steps wait for its end."""

    def holds(self, day: date) -> bool:
        """Say whether a day lies in it."""
        return self.starts_on <= day <= self.ends_on

    @property
    def words(self) -> str:
        """Name, market and dates, as a plan says them."""
        days = f"{self.starts_on}" if self.starts_on == self.ends_on else f"{self.starts_on} to {self.ends_on}"
        return f"{self.name} in {self.market} ({days})"


def periods_of(markets: Iterable[CountryCode], from_on: date, until_on: date) -> tuple[MarketPeriod, ...]:
    """Give the periods of some markets that touch the days from one to another, by first day, market and name."""
    wanted = set(markets)
    found = [one for one in _all() if one.market in wanted and one.starts_on <= until_on and one.ends_on >= from_on]
    return tuple(found)


@cache
def rules() -> tuple[PeriodRule, ...]:
    """Give every rule of the calendar."""
    raw = yaml.safe_load(files("tools.markets.calendar_data").joinpath("periods.yaml").read_text("utf-8"))
    return tuple(PeriodRule.model_validate({"id": name, **one}) for name, one in raw.items())


@cache
def _all() -> tuple[MarketPeriod, ...]:
    found = [
        MarketPeriod(
            id=rule.id,
            name=rule.names["en"],
            name_zh=rule.names["zh"],
            market=market,
            starts_on=first,
            ends_on=last,
            stops_parcels=rule.parcels == "stop",
            pauses_promotions=rule.promotions == "pause",
        )
        for rule in rules()
        for year in range(FIRST_YEAR, LAST_YEAR + 1)
        for first, last in (rule.of_year(year),)
        for market in rule.markets
    ]
    return tuple(sorted(found, key=lambda one: (one.starts_on, one.market, one.id)))


def _anchored(anchor: Anchor, year: int) -> date:
    if anchor == "lunar_new_year":
        return LUNAR_NEW_YEAR[year]
    return easter(year) if anchor == "easter" else thanksgiving(year)


def easter(year: int) -> date:
    """Give Easter Sunday of the Gregorian calendar (anonymous algorithm, Meeus, Astronomical Algorithms, ch. 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * weekday) // 433
    month = (h + weekday - 7 * m + 90) // 25
    day = (h + weekday - 7 * m + 33 * month + 19) % 32
    return date(year, month, day)


def thanksgiving(year: int) -> date:
    """Give the fourth Thursday of November."""
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 21)


def _on(year: int, month_day: str) -> date:
    return date(year, int(month_day[:2]), int(month_day[3:]))
