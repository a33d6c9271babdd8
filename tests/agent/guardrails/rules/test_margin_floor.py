from typing import Any

from agent.guardrails.rules.margin_floor import RULE
from tests.factories.planning import context, guardrails
from tests.factories.plans import assert_blocks, assert_row_blocked, assert_row_passes, edit_offer, good_plan


def test_dc_03_an_offer_below_the_margin_floor_is_blocked() -> None:
    plan = edit_offer(good_plan(), "first_time.store_credit", worst_margin_rate=0.1499)
    assert_blocks(RULE, plan, "below_margin_floor", alone=False)


def test_dc_03_the_stricter_of_price_and_margin_wins() -> None:
    rails = guardrails(min_price_ratio=0.5, min_margin_rate=0.43)
    plan = good_plan().model_copy(update={"guardrail_version": rails.version})
    assert_blocks(RULE, plan, "below_margin_floor", ctx=context(guardrails=rails))


def test_dc_03_rows_that_give_margin_away_below_the_floor_are_blocked() -> None:
    offer: dict[str, Any] = {
        "message_kind": "store_credit",
        "offer_id": "vip.store_credit",
        "worst_margin_rate": 0.1499,
    }
    assert_row_blocked(RULE, **offer)
    assert_row_blocked(RULE, **{**offer, "worst_margin_rate": None})
    assert_row_passes(**{**offer, "worst_margin_rate": 0.15})


def test_early_access_and_rows_without_an_offer_give_nothing_away() -> None:
    assert_row_passes(worst_margin_rate=0.0)
    assert_row_passes(message_kind="early_access", offer_id="vip.early_access", worst_margin_rate=0.0)
