"""Nominal amounts of the playbook in any currency, and what a hand-off costs: labelled assumptions."""

from decimal import ROUND_HALF_EVEN, ROUND_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from memory.domain.errors import InvalidInput
from memory.domain.market import Channel
from memory.domain.money import Money, exponent

FILE = Path(__file__).parent / "data" / "price-points-v1.yaml"


@cache
def _file() -> dict[str, Any]:
    raw: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return raw


def amounts_label() -> str:
    """Give the label of everything derived here."""
    return str(_file()["label"])


def unit(currency: str) -> Decimal:
    """Give whole units of the currency per nominal dollar; raise `InvalidInput` where none is listed."""
    listed = _file()["units"]
    if currency not in listed:
        raise InvalidInput(
            what=f"currency {currency}",
            why="no price point is listed for it",
            remedy="Add one line to tools/priors/data/price-points-v1.yaml",
        )
    return Decimal(listed[currency])


def nominal(dollars: int, currency: str) -> Money:
    """Give a playbook amount in a currency: fixed parity, rounded to two significant digits.

    50 becomes 50.00 USD, 50.00 EUR, 40.00 GBP, 350.00 CNY and 7,500 JPY (S2-54's conversion rule).
    """
    whole = Decimal(dollars) * unit(currency)
    return Money(amount_minor=_two_digits(whole.scaleb(exponent(currency)), ROUND_HALF_EVEN), currency=currency)


def round_up(amount_minor: int, currency: str) -> Money:
    """Give the next amount of two significant digits at or above, as people read it in a shop window."""
    return Money(amount_minor=_two_digits(Decimal(amount_minor), ROUND_UP), currency=currency)


def message_cost_millis(channel: Channel, currency: str) -> int:
    """Give the assumed cost of one hand-off in thousandths of the currency's minor unit."""
    cents = Decimal(_file()["message_costs_millicents"][channel]) * unit(currency)
    return int(cents.scaleb(exponent(currency) - 2).to_integral_value(rounding=ROUND_UP))


def _two_digits(value: Decimal, rounding: str) -> int:
    if value <= 0:
        return 0
    step = Decimal(1).scaleb(max(value.adjusted() - 1, 0))
    return int((value / step).quantize(Decimal(1), rounding=rounding) * step)
