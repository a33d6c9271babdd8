import pytest

from memory.domain.errors import InvalidInput
from memory.domain.money import Money
from tools.priors.amounts import message_cost_millis, nominal, round_up


@pytest.mark.parametrize(
    ("dollars", "currency", "minor"),
    [
        (50, "USD", 5000),
        (75, "EUR", 7500),
        (50, "GBP", 4000),
        (50, "CNY", 35000),
        (50, "JPY", 7500),
        (50, "KWD", 15000),
    ],
)
def test_s2_54_nominal_amounts_follow_the_stated_rule(dollars: int, currency: str, minor: int) -> None:
    assert nominal(dollars, currency) == Money(amount_minor=minor, currency=currency)


def test_a_currency_without_a_price_point_is_an_error_with_a_remedy() -> None:
    with pytest.raises(InvalidInput, match="price-points"):
        nominal(50, "XOF")


def test_thresholds_are_rounded_up_to_two_digits() -> None:
    assert round_up(12_345, "EUR").amount_minor == 13_000
    assert round_up(13_000, "EUR").amount_minor == 13_000
    assert round_up(7, "JPY").amount_minor == 7


def test_texts_cost_more_than_mails_and_pages_nothing() -> None:
    assert message_cost_millis("sms", "EUR") > message_cost_millis("email", "EUR") > 0
    assert message_cost_millis("onpage", "EUR") == 0
