"""Money in integer minor units with an ISO 4217 currency, and dated exchange rates."""

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Annotated, Self

from pydantic import Field

from .base import Frozen, MinorUnits
from .errors import InvalidInput, SecondOrderError

Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
"""An ISO 4217 code."""

ZERO_DECIMALS = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split())  # noqa: SIM905
THREE_DECIMALS = frozenset("BHD IQD JOD KWD LYD OMR TND".split())  # noqa: SIM905
"""ISO 4217 exponents that differ from 2."""


class CurrencyMismatch(SecondOrderError):
    """{left} and {right} cannot be added or compared; import dated exchange rates and convert first."""

    http_status = 422


class MissingRate(SecondOrderError):
    """No exchange rate from {base} to {quote} on or before {on}; import one with `secondorder import rates`."""

    http_status = 422


def exponent(currency: str) -> int:
    """Give how many decimals the currency has (JPY 0, EUR 2, KWD 3)."""
    return 0 if currency in ZERO_DECIMALS else 3 if currency in THREE_DECIMALS else 2


class Money(Frozen):
    """A sum in minor units of one currency."""

    amount_minor: MinorUnits
    """The sum in the smallest unit."""
    currency: Currency
    """The ISO code."""

    @classmethod
    def parse(cls, text: str, currency: str) -> Self:
        """Read a plain decimal such as `12.50`; raise `InvalidInput` where it is no exact sum of that currency."""
        try:
            value = Decimal(text.strip())
        except InvalidOperation:
            raise InvalidInput(
                what=f"amount {text[:40]!r}", why="it is not a number", remedy="Write it as 12.50."
            ) from None
        scaled = value.scaleb(exponent(currency)) if value.is_finite() else None
        if scaled is None or scaled != scaled.to_integral_value() or abs(scaled) > 2**62:
            raise InvalidInput(
                what=f"amount {text[:40]!r}",
                why=f"it is not an exact sum of {currency}",
                remedy=f"Use at most {exponent(currency)} decimals.",
            )
        return cls(amount_minor=int(scaled), currency=currency)

    def __add__(self, other: "Money") -> "Money":
        """Add two sums of one currency; raise `CurrencyMismatch` for two."""
        self._same(other)
        return Money(amount_minor=self.amount_minor + other.amount_minor, currency=self.currency)

    def __sub__(self, other: "Money") -> "Money":
        """Subtract a sum of the same currency; raise `CurrencyMismatch` for two."""
        self._same(other)
        return Money(amount_minor=self.amount_minor - other.amount_minor, currency=self.currency)

    def scaled(self, factor: Decimal) -> "Money":
        """Multiply by an exact factor, rounding half to even on the minor unit."""
        product = (Decimal(self.amount_minor) * factor).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
        return Money(amount_minor=int(product), currency=self.currency)

    def major(self) -> Decimal:
        """Give the sum in whole units (12.50), exact."""
        return Decimal(self.amount_minor).scaleb(-exponent(self.currency))

    def __str__(self) -> str:
        """Show the sum as `12.50 EUR`."""
        return f"{self.major():,.{exponent(self.currency)}f} {self.currency}"

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(left=self.currency, right=other.currency)


class ExchangeRate(Frozen):
    """One unit of `base` costs `rate` units of `quote` from `on` until a later rate replaces it."""

    base: Currency
    """The currency sold."""
    quote: Currency
    """The currency bought."""
    on: date
    """The first day the rate holds."""
    rate: Annotated[Decimal, Field(gt=0, allow_inf_nan=False)]
    """Units of quote per unit of base (whole units, not minor)."""
    source: str
    """Who published it."""


class ExchangeRates(Frozen):
    """A set of dated rates; conversion takes the latest rate on or before the day."""

    rates: tuple[ExchangeRate, ...] = ()
    """All known rates."""

    def convert(self, money: Money, to: str, on: date) -> Money:
        """Convert at the latest rate (or its inverse) on or before `on`; raise `MissingRate` where none is known."""
        if money.currency == to:
            return money
        factor = self.factor(money.currency, to, on)
        shift = exponent(to) - exponent(money.currency)
        converted = Money(amount_minor=money.amount_minor, currency=to)
        return converted.scaled(factor.scaleb(shift))

    def factor(self, base: str, quote: str, on: date) -> Decimal:
        """Give units of `quote` per unit of `base` on a day; raise `MissingRate` where no rate is known by then."""
        known = [
            (row.on, row.rate if row.base == base else 1 / row.rate)
            for row in self.rates
            if row.on <= on and {row.base, row.quote} == {base, quote}
        ]
        if not known:
            raise MissingRate(base=base, quote=quote, on=on)
        return max(known)[1]
