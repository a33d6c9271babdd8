"""Later hours of a day: never a closed one, by a judge that reads wall clocks alone; none that is open is left out."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from memory.domain.guardrails import Guardrails, QuietHours
from memory.domain.market import Channel, Market
from memory.domain.money import Money
from tools.markets import load_markets
from tools.timing import LATER_MINUTES, OpenHours, hours_for, later_hours

MARKETS = [market for market in load_markets().all() if market.zones]
LIMITS = Guardrails(plan_budget=Money(amount_minor=1, currency="EUR"))
SHORT = LIMITS.model_copy(update={"quiet_hours": QuietHours(opens_minute=600, closes_minute=1000)})
CHANNELS: tuple[Channel, ...] = ("email", "sms", "push")


def is_open(at: datetime, market: Market, zone: str, channel: str, rails: Guardrails) -> bool:
    """Judge an instant by the wall clock, the market's rules and a calendar of its own; no code of the product."""
    local = at.astimezone(ZoneInfo(zone))
    minute, day = local.hour * 60 + local.minute, local.date()
    if not rails.quiet_hours.opens_minute <= minute < rails.quiet_hours.closes_minute:
        return False
    for rule in market.legal_hours:
        binds = rule.channel == channel and (not rule.zones or zone in rule.zones)
        if not binds or (rule.on_weekdays and day.weekday() not in rule.on_weekdays):
            continue
        is_holiday = rule.closed_on_holidays and day in holidays.country_holidays(market.country, years=day.year)
        if day.weekday() in rule.closed_weekdays or is_holiday:
            return False
        if not rule.opens_minute <= minute < rule.closes_minute:
            return False
    return True


@given(
    market=st.sampled_from(MARKETS),
    channel=st.sampled_from(CHANNELS),
    day=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    planned=st.integers(0, 1439),
    rails=st.sampled_from([LIMITS, SHORT]),
    pick=st.integers(0, 30),
)
@example(load_markets().by_country["DE"], "sms", date(2026, 3, 29), 540, LIMITS, 0)
@example(load_markets().by_country["DE"], "sms", date(2026, 10, 25), 540, LIMITS, 0)
@example(load_markets().by_country["NL"], "sms", date(2026, 12, 25), 540, LIMITS, 0)
@example(load_markets().by_country["AU"], "sms", date(2026, 4, 5), 600, LIMITS, 10)
def test_s2_68_a_later_hour_is_open_everywhere_and_no_open_one_is_missing(
    market: Market, channel: Channel, day: date, planned: int, rails: Guardrails, pick: int
) -> None:
    zone = market.zones[pick % len(market.zones)]
    zones = (zone, *(each for each in market.zones[:2] if each != zone))
    here = ZoneInfo(zone)
    send_at = datetime(day.year, day.month, day.day, planned // 60, planned % 60, tzinfo=here).astimezone(UTC)
    windows = hours_for(rails, market, channel, "promotional")
    found = {one.no: one for one in later_hours(send_at, LATER_MINUTES, zones, windows)}
    local_day = send_at.astimezone(here).date()
    for no, minute in enumerate(LATER_MINUTES, 1):
        at = datetime(local_day.year, local_day.month, local_day.day, minute // 60, minute % 60, tzinfo=here)
        wanted = at > send_at and all(is_open(at, market, each, channel, rails) for each in zones)
        assert (no in found) == wanted
        if wanted:
            local = found[no].at.astimezone(here)
            assert (local.date(), local.hour * 60 + local.minute, found[no].minute) == (local_day, minute, minute)


def test_s2_26_a_minute_that_a_clock_change_skips_is_left_out() -> None:
    here = "Europe/Berlin"
    send_at = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # 01:30, half an hour before 02:00 becomes 03:00
    assert [one.no for one in later_hours(send_at, (150, 210), (here,), ())] == [2]
    assert [one.no for one in later_hours(send_at - timedelta(days=1), (150, 210), (here,), ())] == [1, 2]


@pytest.mark.parametrize(("minute", "left"), [(600, [1, 2, 3]), (750, [2, 3]), (1169, [3]), (1170, [])])
def test_s2_26_only_hours_after_the_planned_one_are_later(minute: int, left: list[int]) -> None:
    send_at = datetime(2026, 6, 2, tzinfo=ZoneInfo("Asia/Tokyo")) + timedelta(minutes=minute)
    open_all_day = (OpenHours(opens_minute=0, closes_minute=1440),)
    assert [one.no for one in later_hours(send_at, LATER_MINUTES, ("Asia/Tokyo",), open_all_day)] == left
