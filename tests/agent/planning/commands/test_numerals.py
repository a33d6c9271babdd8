from datetime import date
from decimal import Decimal

import pytest

from agent.planning.commands.numerals import day, han_number, money, number, rate
from memory.domain.money import Money

NEAR = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", 10), ("十五", 15), ("二十", 20), ("两千", 2000), ("两千五", 2500), ("两千五百", 2500), ("一万", 10_000),
        ("一万五", 15_000), ("一万五千", 15_000), ("一万零五", 10_005), ("一百零五", 105), ("三亿", 300_000_000),
        ("二〇二六", 2026), ("零", 0), ("", None), ("两k", None),
    ],
)  # fmt: skip
def test_chinese_numerals(text: str, value: int | None) -> None:
    assert han_number(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2,000", "2000"), ("2.000", "2000"), ("2 000", "2000"), ("2'000", "2000"), ("2k", "2000"), ("2.5k", "2500"),
        ("2.500,50", "2500.50"), ("1,234.56", "1234.56"), ("12.50", "12.50"), ("3万", "30000"), ("ten", "10"),
        ("2,00,0", None), ("many", None),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(text: str, value: str | None) -> None:
    assert number(text) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("text", "value"),
    [("10%", 0.1), ("ten percent", 0.1), ("百分之五", 0.05), ("一成", 0.1), ("0.1", 0.1), ("150%", None), ("x", None)],
)
def test_shares(text: str, value: float | None) -> None:
    assert rate(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-12-02", date(2026, 12, 2)), ("12月2日", date(2026, 12, 2)), ("1月5号", date(2027, 1, 5)),
        ("2 december", date(2026, 12, 2)), ("dec 2nd", date(2026, 12, 2)), ("2 dec 2025", date(2025, 12, 2)),
        ("31 february", None), ("13月1日", None), ("soon", None),
    ],
)  # fmt: skip
def test_dates_take_the_nearest_year(text: str, value: date | None) -> None:
    assert day(text, NEAR) == value


def test_sums_keep_to_their_currency_s_decimals() -> None:
    assert money("两千", "欧") == Money(amount_minor=200_000, currency="EUR")
    assert money("3000", "日元") == Money(amount_minor=3000, currency="JPY")
    assert money("30.5", "yen") is None
    assert money("5", "shells") is None
