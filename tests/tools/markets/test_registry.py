from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from memory.domain.errors import InvalidInput, NotFound
from memory.domain.market import Market
from tools.markets import Markets, load_markets

COUNTRIES = ["AT", "AU", "CA", "CN", "DE", "ES", "FR", "GB", "IE", "IT", "JP", "MX", "NL", "US"]


@pytest.fixture(scope="module")
def markets() -> Markets:
    return load_markets()


def test_s2_09_the_named_markets_are_there(markets: Markets) -> None:
    assert [market.country for market in markets.all()] == COUNTRIES


@pytest.mark.parametrize("country", COUNTRIES)
def test_s2_09_a_market_has_real_zones_and_dated_sourced_hours(markets: Markets, country: str) -> None:
    market: Market = markets.get(country)
    assert all(ZoneInfo(zone) for zone in market.zones)
    assert market.taboo_words
    assert market.legal_hours
    for hours in market.legal_hours:
        assert hours.opens_minute < hours.closes_minute
        assert len(hours.source) > 20
        assert hours.as_of.year >= 2026


def test_s2_09_us_texts_follow_the_federal_hours_over_all_zones(markets: Markets) -> None:
    us = markets.get("US")
    assert {"America/New_York", "America/Los_Angeles", "Pacific/Honolulu"} <= set(us.zones)
    (hours,) = [each for each in us.legal_hours if not each.zones]
    assert (hours.channel, hours.opens_minute, hours.closes_minute) == ("sms", 480, 1260)
    assert "47 CFR 64.1200" in hours.source
    states = [each for each in us.legal_hours if each.zones]
    assert len(states) == 10
    assert all("confirm" in each.source and each.channel == "sms" for each in states)


def test_s2_09_france_rests_on_sundays_and_holidays(markets: Markets) -> None:
    (hours,) = markets.get("FR").legal_hours
    assert hours.closed_weekdays == (6,)
    assert hours.closed_on_holidays
    assert (hours.opens_minute, hours.closes_minute) == (480, 1320)


def test_markets_nobody_described_are_named(markets: Markets) -> None:
    with pytest.raises(NotFound):
        markets.get("ZZ")
    assert [market.country for market in markets.known(("FR", "ZZ", "DE"))] == ["FR", "DE"]


@pytest.mark.parametrize("text", ["country: [", "- a", "country: DE\n", "country: Deutschland\nname: x"])
def test_a_broken_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "de.yaml").write_text(text)
    with pytest.raises(InvalidInput, match=r"de\.yaml"):
        load_markets(tmp_path)
