"""Prices in words."""

import pytest

from tools.allocation import Price
from tools.allocation.prices import in_words


@pytest.mark.parametrize(
    ("price", "is_money", "words"),
    [
        (Price("budget", 0.793, False, 99_000_000, 100_000_000), True,
         "budget: one more EUR returns 0.79 EUR of margin (990.00 of 1,000.00 EUR used)."),
        (Price("email", 123_456.0, False, 500, 500), False,
         "email: one more returns 1.23 EUR of margin (500 of 500 used)."),
        (Price("push", 0.0, False, 20, 500), False, "push: more of it would return nothing (20 of 500 used)."),
        (Price("VIP", 50_000.0, True, 100, 100), False, "VIP: asking for one more costs 0.50 EUR of margin."),
        (Price("VIP", 0.0, True, 130, 100), False,
         "VIP: asking for it costs nothing (130 where 100 are asked for)."),
    ],
)  # fmt: skip
def test_a_price_says_what_one_more_would_return(price: Price, is_money: bool, words: str) -> None:
    assert in_words(price, "EUR", is_money) == words
