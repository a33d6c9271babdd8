"""Prices of language models: dated data, never a guess. An unknown one costs an unknown sum, not nothing."""

from datetime import date
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from memory.domain.base import Frozen
from memory.domain.money import Currency

FILE = Path(__file__).with_name("prices.yaml")
Price = Annotated[Decimal, Field(ge=0, allow_inf_nan=False)]


class LlmPrice(Frozen):
    """What a million tokens cost."""

    llm: str
    """The language model's name at its endpoint."""
    input_price: Price
    """One million tokens read, in whole units of the currency."""
    output_price: Price
    """One million tokens written."""
    currency: Currency = "USD"
    """Of both prices."""
    as_of: date
    """When the price was read."""
    source: str
    """Where."""

    def cost_microunits(self, n_input: int, n_output: int) -> int:
        """Give the cost in millionths of the currency's whole unit, rounded up."""
        exact = self.input_price * n_input + self.output_price * n_output
        return int(exact.to_integral_value(rounding=ROUND_CEILING))


@lru_cache(maxsize=1)
def price_list() -> dict[str, LlmPrice]:
    """Give the shipped price list by name."""
    import yaml

    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))["prices"]
    prices = [LlmPrice.model_validate(row) for row in rows]
    return {price.llm: price for price in prices}


def price_of(llm: str) -> LlmPrice | None:
    """Give the shipped price of a language model, or none where it is not known."""
    return price_list().get(llm)
