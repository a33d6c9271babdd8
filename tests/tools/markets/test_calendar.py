"""Market calendars: movable days are those of an independent calendar, and every period says where it was read."""

from datetime import date, timedelta

import holidays
import pytest

from tools.markets import load_markets
from tools.markets.calendar import FIRST_YEAR, LAST_YEAR, LUNAR_NEW_YEAR, easter, periods_of, rules, thanksgiving

YEARS = range(FIRST_YEAR, LAST_YEAR + 1)


@pytest.mark.parametrize("year", YEARS)
def test_s2_09_movable_days_are_those_of_the_holidays_library(year: int) -> None:
    china = holidays.country_holidays("CN", years=year)
    assert "Spring Festival" in china[LUNAR_NEW_YEAR[year]] and "Eve" in china[LUNAR_NEW_YEAR[year] - timedelta(days=1)]
    assert "Easter Monday" in holidays.country_holidays("FR", years=year, language="en_US")[easter(year) + timedelta(1)]
    assert "Thanksgiving" in holidays.country_holidays("US", years=year)[thanksgiving(year)]


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_every_period_is_of_known_markets_named_and_sourced(rule: object) -> None:
    known = {market.country for market in load_markets().all()}
    assert set(rule.markets) <= known and set(rule.names) == {"en", "zh"} and rule.source  # type: ignore[attr-defined]
    for year in YEARS:
        first, last = rule.of_year(year)  # type: ignore[attr-defined]
        assert first <= last <= first + timedelta(days=13)


@pytest.mark.parametrize("year", YEARS)
def test_where_parcels_stop_one_day_at_least_is_a_public_holiday_there(year: int) -> None:
    for period in periods_of([market.country for market in load_markets().all()], date(year, 1, 1), date(year, 12, 31)):
        if not period.stops_parcels or period.id == "good_friday":  # in Mexico by custom; tested in the others below
            continue
        days = [period.starts_on + timedelta(days=n) for n in range((period.ends_on - period.starts_on).days + 1)]
        kinds = {"CA": ("public", "government", "optional")}.get(period.market, ("public",))
        known = holidays.country_holidays(period.market, years=(year - 1, year, year + 1), categories=kinds)
        parts = [
            holidays.country_holidays(period.market, subdiv=part, years=year, categories=kinds)
            for part in known.subdivisions
        ]
        assert any(day in one for day in days for one in (known, *parts)), period


def test_a_range_gives_what_touches_it_in_order() -> None:
    found = periods_of(["CN", "JP"], date(2027, 1, 2), date(2027, 2, 5))
    assert [(one.id, one.starts_on, one.ends_on) for one in found] == [
        ("new_year_jp", date(2026, 12, 31), date(2027, 1, 3)),
        ("spring_festival", date(2027, 2, 5), date(2027, 2, 12)),
    ]
    assert found[1].words == "Spring Festival in CN (2027-02-05 to 2027-02-12)" and found[1].pauses_promotions
    assert periods_of(["CN"], date(2031, 1, 1), date(2031, 12, 31)) == ()
