"""Allowed instants across clock changes, zones and holidays."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.domain.guardrails import Guardrails
from memory.domain.money import Money
from tools.markets import load_markets
from tools.timing import OpenHours, due_instants, hours_for, is_allowed, next_allowed

DAY = (OpenHours(opens_minute=540, closes_minute=1200),)
ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Cairo",
         "America/Sao_Paulo", "Asia/Beirut", "America/St_Johns", "Pacific/Chatham", "UTC"]  # fmt: skip


def rails() -> Guardrails:
    return Guardrails(plan_budget=Money(amount_minor=1, currency="EUR"))


@given(
    at=st.integers(1_735_689_600, 1_924_905_600),
    zones=st.lists(st.sampled_from(ZONES), min_size=1, max_size=2, unique=True),
    opens=st.integers(0, 1380),
    length=st.integers(60, 900),
)
def test_b3_what_comes_back_is_allowed_in_every_zone_and_nothing_earlier_was(
    at: int, zones: list[str], opens: int, length: int
) -> None:
    windows = (OpenHours(opens_minute=opens, closes_minute=min(1440, opens + length)),)
    start = datetime.fromtimestamp(at, UTC)
    found = next_allowed(start, zones, windows)
    if found is None:
        return
    assert found >= start
    for zone in zones:
        local = found.astimezone(ZoneInfo(zone))
        assert opens <= local.hour * 60 + local.minute < min(1440, opens + length)
    quarters = range(0, int((found - start).total_seconds()), 900)
    assert not any(is_allowed(start + timedelta(seconds=s), zones, windows) for s in quarters)


def test_s2_26_a_step_is_due_at_the_local_minute_of_each_zone_through_clock_changes() -> None:
    for day in (date(2027, 3, 13), date(2027, 3, 14), date(2027, 3, 28), date(2026, 10, 25), date(2026, 11, 1)):
        for zone, at in due_instants(day, 600, ZONES).items():
            local = at.astimezone(ZoneInfo(zone))
            assert (local.date(), local.hour, local.minute) == (day, 10, 0)


def test_s2_26_a_skipped_minute_moves_on_and_stays_on_its_day() -> None:
    at = due_instants(date(2027, 3, 28), 150, ["Europe/Berlin"])["Europe/Berlin"]
    assert at.astimezone(ZoneInfo("Europe/Berlin")).strftime("%H:%M") == "03:30"


def test_b3_several_candidate_zones_must_all_allow() -> None:
    at = datetime(2027, 1, 12, 9, tzinfo=UTC)  # 10:00 in Berlin, 04:00 in New York
    found = next_allowed(at, ["Europe/Berlin", "America/New_York"], DAY)
    assert found == datetime(2027, 1, 12, 14, tzinfo=UTC)
    assert not is_allowed(at, [], DAY)


def test_b3_a_minute_before_closing_is_allowed_and_closing_is_not() -> None:
    closing = datetime(2027, 1, 12, 19, tzinfo=UTC)  # 20:00 in Berlin
    assert is_allowed(closing - timedelta(minutes=1), ["Europe/Berlin"], DAY)
    assert not is_allowed(closing, ["Europe/Berlin"], DAY)


def test_french_text_messages_wait_over_sunday_and_holidays() -> None:
    windows = hours_for(rails(), load_markets().get("FR"), "sms", "promotional")
    sunday = datetime(2027, 5, 2, 9, tzinfo=UTC)
    found = next_allowed(sunday, ["Europe/Paris"], windows)
    assert found is not None
    assert found.astimezone(ZoneInfo("Europe/Paris")).weekday() == 0
    first_of_may = next_allowed(datetime(2026, 5, 1, 9, tzinfo=UTC), ["Europe/Paris"], windows)
    assert first_of_may is not None
    assert first_of_may.astimezone(ZoneInfo("Europe/Paris")).date() == date(2026, 5, 2)


@pytest.mark.parametrize("message_class", ["transactional", "on_page"])
def test_transactional_messages_have_no_closed_hours(message_class: str) -> None:
    assert hours_for(rails(), load_markets().get("DE"), "sms", message_class) == ()  # type: ignore[arg-type]
    assert is_allowed(datetime(2027, 1, 1, 2, tzinfo=UTC), ["Europe/Berlin"], ())
