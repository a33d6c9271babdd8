from agent.guardrails.rules.frequency_cap import RULE
from tests.factories.planning import guardrails
from tests.factories.plans import assert_blocks, assert_row_blocked, assert_row_passes, good_plan, move_step, reasons_of


def test_s2_44_three_promotions_in_seven_days_are_blocked() -> None:
    """Days 23, 26 and 29 are one window of seven days; with day 30 in place of 29 they are not."""
    assert reasons_of(RULE, good_plan()) == ()
    assert_blocks(RULE, move_step(good_plan(), "vip.cross_sell", 29), "cap_exceeded")


def test_s2_44_the_window_rolls_and_its_edge_is_free() -> None:
    """Days 20, 23 and 27: the first is seven days before the last and no longer counts."""
    plan = move_step(move_step(good_plan(), "vip.category_series", 20), "vip.points_multiple", 27)
    assert reasons_of(RULE, move_step(plan, "vip.category_series_2", 23)) == ()


def test_dc_04_rows_of_people_with_a_full_window_are_blocked() -> None:
    assert_row_blocked(RULE, n_sent_window=2)
    assert_row_blocked(RULE, n_sent_window=None)
    assert_row_passes(n_sent_window=1)
    assert_row_passes(message_class="service", message_kind="thank_you", n_sent_window=2)
    assert_row_blocked(RULE, message_class="service", message_kind="thank_you", n_sent_window=3)


def test_s1_14_receipts_go_out_when_caps_are_full() -> None:
    assert_row_passes(message_class="transactional", message_kind="order_confirmation", n_sent_window=99)


def test_a_class_without_a_cap_is_not_capped() -> None:
    assert_row_passes(rails=guardrails(frequency_caps=()), n_sent_window=99)
