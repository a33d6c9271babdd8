from datetime import date
from typing import Any

import pytest

from agent.guardrails.rules.quiet_hours import RULE
from memory.domain.market import LegalHours
from tests.factories.planning import context, guardrails
from tests.factories.plans import assert_blocks, assert_row_blocked, assert_row_passes, edit_step, good_plan, reasons_of


def test_i4_a_step_outside_the_shop_s_hours_is_blocked() -> None:
    assert_blocks(RULE, edit_step(good_plan(), "vip.thank_you", local_minute=8 * 60 + 59), "quiet_hours")
    assert reasons_of(RULE, edit_step(good_plan(), "vip.thank_you", local_minute=9 * 60)) == ()


def test_s2_09_a_promotion_outside_a_market_s_legal_hours_is_blocked() -> None:
    rails = guardrails(
        legal_hours=(
            LegalHours(channel="email", opens_minute=600, closes_minute=1000, source="own", as_of=date(2026, 1, 1)),
        )
    )
    plan = good_plan().model_copy(update={"guardrail_version": rails.version})
    assert_blocks(RULE, plan, "legal_hours", ctx=context(guardrails=rails))


@pytest.mark.parametrize("minute", [539, 1200, None])
def test_i4_rows_outside_the_hours_are_blocked(minute: int | None) -> None:
    assert_row_blocked(RULE, local_minute=minute)


def test_i4_receipts_and_pages_have_no_hours() -> None:
    assert_row_passes(message_class="transactional", message_kind="order_confirmation", local_minute=3)
    assert_row_passes(channel="onpage", local_minute=3)


def test_s2_09_france_takes_no_promotional_text_on_sundays_and_holidays() -> None:
    text: dict[str, Any] = {"channel": "sms", "market": "FR", "language": "fr"}
    assert_row_passes(**text, local_weekday=5)
    assert_row_blocked(RULE, **text, local_weekday=6)
    assert_row_blocked(RULE, **text, is_local_holiday=True)
    assert_row_passes(**{**text, "channel": "email"}, local_weekday=6)


def test_s2_09_us_texts_end_at_21_whatever_the_shop_allows() -> None:
    late = guardrails(quiet_hours={"opens_minute": 0, "closes_minute": 1440})
    text: dict[str, Any] = {"channel": "sms", "market": "US", "language": "en"}
    assert_row_passes(rails=late, **text, local_minute=21 * 60 - 1)
    assert_row_blocked(RULE, rails=late, **text, local_minute=21 * 60)
    assert_row_blocked(RULE, rails=late, **text, local_minute=8 * 60 - 1)


def test_nothing_matched_means_blocked_for_a_market_nobody_described() -> None:
    assert_row_blocked(RULE, market="ZZ")
