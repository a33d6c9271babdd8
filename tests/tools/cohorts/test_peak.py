from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from memory.domain.errors import NotReady
from tests.factories.facts import SHOP, Facts
from tools.cohorts import Peak, bfcm, holiday_season, last_peak


@pytest.mark.parametrize(
    ("year", "friday"),
    [(2024, date(2024, 11, 29)), (2025, date(2025, 11, 28)), (2018, date(2018, 11, 23)), (2012, date(2012, 11, 23))],
)
def test_bfcm_is_the_friday_after_the_fourth_thursday_to_monday(year: int, friday: date) -> None:
    peak = bfcm(year)
    assert peak.from_on == friday
    assert (peak.until_on - peak.from_on).days == 3
    assert peak.until_on.weekday() == 0


def test_a_period_is_made_of_the_shops_days() -> None:
    peak = Peak(from_on=date(2025, 11, 28), until_on=date(2025, 12, 1))
    assert peak.begins_at("Asia/Shanghai").astimezone(UTC) == datetime(2025, 11, 27, 16, tzinfo=UTC)
    assert peak.ends_at("America/New_York").astimezone(UTC) == datetime(2025, 12, 2, 5, tzinfo=UTC)


def test_the_year_before_has_its_own_bfcm_and_the_same_days_of_a_season() -> None:
    assert bfcm(2025).previous() == bfcm(2024)
    assert holiday_season(2025).previous() == holiday_season(2024)
    assert Peak(from_on=date(2024, 2, 29), until_on=date(2024, 3, 1)).previous().from_on == date(2023, 2, 28)


def test_a_period_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="ends on or after"):
        Peak(from_on=date(2025, 2, 2), until_on=date(2025, 2, 1))


def test_the_last_peak_is_finished_and_has_orders(tmp_path: Path) -> None:
    facts = Facts()
    facts.order("ann", datetime(2023, 11, 25, tzinfo=UTC))
    facts.order("ann", datetime(2025, 11, 29, tzinfo=UTC))
    with facts.open(tmp_path) as view:
        assert last_peak(view, SHOP, datetime(2025, 12, 24, tzinfo=UTC)) == bfcm(2025)
        assert last_peak(view, SHOP, datetime(2025, 12, 1, tzinfo=UTC)) == bfcm(2023)
        assert last_peak(view, SHOP, datetime(2025, 12, 30, tzinfo=UTC), is_season=True) == holiday_season(2025)
        with pytest.raises(NotReady, match="Import orders that cover a peak"):
            last_peak(view, SHOP, datetime(2023, 11, 24, tzinfo=UTC))
