"""Money is exact, typed and never guessed across currencies."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from memory.domain.errors import InvalidInput
from memory.domain.money import CurrencyMismatch, ExchangeRate, ExchangeRates, MissingRate, Money, exponent

RATES = ExchangeRates(
    rates=(
        ExchangeRate(base="EUR", quote="JPY", on=date(2026, 1, 1), rate=Decimal("160"), source="test"),
        ExchangeRate(base="EUR", quote="JPY", on=date(2026, 2, 1), rate=Decimal("170"), source="test"),
    )
)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [("12.50", "EUR", 1250), ("1200", "JPY", 1200), ("1.234", "KWD", 1234), ("-0", "EUR", 0)],
)
def test_b6_amounts_are_read_exactly(text: str, currency: str, minor: int) -> None:
    assert Money.parse(text, currency).amount_minor == minor


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1e-9", "12.505", "", "12,50", "1e30"])
def test_b6_what_is_no_exact_sum_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"decimals|12\.50"):
        Money.parse(text, "EUR")


@pytest.mark.parametrize("value", [True, "30", 1.5, float("nan")])
def test_b6_only_integers_are_minor_units(value: object) -> None:
    with pytest.raises(ValidationError):
        Money.model_validate({"amount_minor": value, "currency": "EUR"})


def test_b6_two_currencies_do_not_add_up() -> None:
    with pytest.raises(CurrencyMismatch, match="exchange rates"):
        Money(amount_minor=1, currency="EUR") + Money(amount_minor=1, currency="USD")


def test_conversion_takes_the_latest_rate_of_the_day_or_its_inverse() -> None:
    euros = Money(amount_minor=100, currency="EUR")
    assert RATES.convert(euros, "JPY", date(2026, 1, 31)).amount_minor == 160
    assert RATES.convert(euros, "JPY", date(2026, 2, 1)).amount_minor == 170
    assert RATES.convert(Money(amount_minor=170, currency="JPY"), "EUR", date(2026, 2, 1)) == euros


def test_a_sum_without_a_rate_is_an_error_not_a_guess() -> None:
    with pytest.raises(MissingRate, match="secondorder import rates"):
        RATES.convert(Money(amount_minor=1, currency="EUR"), "USD", date(2026, 3, 1))
    with pytest.raises(MissingRate):
        RATES.convert(Money(amount_minor=1, currency="EUR"), "JPY", date(2025, 12, 31))


@given(st.integers(-(10**12), 10**12), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_text_and_minor_units_round_trip(minor: int, currency: str) -> None:
    money = Money(amount_minor=minor, currency=currency)
    assert Money.parse(f"{money.major():.{exponent(currency)}f}", currency) == money
