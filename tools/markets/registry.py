"""The known markets, read once at assembly from dated YAML files, one per country."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from memory.domain.base import Frozen
from memory.domain.errors import InvalidInput, NotFound
from memory.domain.market import CountryCode, LegalHours, Market

DATA = Path(__file__).parent / "data"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
UNVERIFIED = "precaution, no statutory hours were verified for this market"
"""Source text of hours that are our own caution."""


class Markets(Frozen):
    """Every known market by country."""

    by_country: dict[CountryCode, Market]
    """Country to market."""

    def get(self, country: CountryCode) -> Market:
        """Give one market; raise `NotFound` where no file describes the country."""
        market = self.by_country.get(country)
        if market is None:
            raise NotFound(kind="market", id=country)
        return market

    def known(self, countries: tuple[CountryCode, ...]) -> tuple[Market, ...]:
        """Give the markets of those countries that are known, in the order asked for."""
        return tuple(self.by_country[country] for country in countries if country in self.by_country)

    def all(self) -> tuple[Market, ...]:
        """Give all markets by country code."""
        return tuple(self.by_country[country] for country in sorted(self.by_country))


def load_markets(folder: Path = DATA) -> Markets:
    """Read every `*.yaml` of the folder; raise `InvalidInput` that names the file and the field.

    The files that come with the product are read once per process.
    """
    return _shipped() if folder == DATA else _all_of(folder)


@cache
def _shipped() -> Markets:
    return _all_of(DATA)


def _all_of(folder: Path) -> Markets:
    markets = [_read(path) for path in sorted(folder.glob("*.yaml"))]
    return Markets(by_country={market.country: market for market in markets})


def _read(path: Path) -> Market:
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), LOADER)  # noqa: S506  both are safe loaders
        hours = tuple(_hours(entry) for entry in raw.pop("legal_hours", ()))
        return Market(legal_hours=hours, **raw)
    except (yaml.YAMLError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise InvalidInput(
            what=f"market file {path.name}", why=str(error), remedy="Compare it with tools/markets/data/us.yaml"
        ) from error


def _hours(entry: dict[str, Any]) -> LegalHours:
    known = {"closed_weekdays": tuple(entry.get("closed_weekdays", ())), "closed_on_holidays": entry.get("holidays")}
    opens, _, closes = str(entry["hours"]).partition("-")
    return LegalHours(
        channel=entry["channel"],
        opens_minute=_minute(opens),
        closes_minute=_minute(closes),
        closed_weekdays=known["closed_weekdays"],
        closed_on_holidays=known["closed_on_holidays"] == "closed",
        on_weekdays=tuple(entry.get("on_weekdays", ())),
        zones=tuple(entry.get("zones", ())),
        source=entry["source"],
        as_of=entry["as_of"] if isinstance(entry["as_of"], date) else date.fromisoformat(entry["as_of"]),
    )


def _minute(text: str) -> int:
    hour, _, minute = text.strip().partition(":")
    return int(hour) * 60 + int(minute or 0)
