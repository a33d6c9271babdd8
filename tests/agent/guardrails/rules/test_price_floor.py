from agent.guardrails.rules.price_floor import RULE
from tests.factories.planning import context, guardrails
from tests.factories.plans import assert_blocks, assert_row_blocked, assert_row_passes, edit_offer, good_plan


def test_dc_03_an_offer_below_the_price_floor_is_blocked() -> None:
    assert_blocks(RULE, edit_offer(good_plan(), "first_time.store_credit", price_ratio=0.7499), "below_price_floor",
                  alone=False)  # fmt: skip


def test_dc_03_a_stricter_floor_blocks_the_same_plan() -> None:
    rails = guardrails(min_price_ratio=0.95)
    plan = good_plan().model_copy(update={"guardrail_version": rails.version})
    assert_blocks(RULE, plan, "below_price_floor", ctx=context(guardrails=rails))


def test_dc_03_rows_below_the_floor_are_blocked() -> None:
    assert_row_blocked(RULE, price_ratio=0.7499)
    assert_row_blocked(RULE, price_ratio=None)
    assert_row_passes(price_ratio=0.75)
