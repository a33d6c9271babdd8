"""Exchange: money columns in several currencies brought into the shop's, by dated rates."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.market import Shop
from memory.domain.money import ExchangeRate, ExchangeRates, exponent
from memory.lake.view import LakeView

FACTORS_SCHEMA = pa.schema(
    [
        ("rate_currency", pa.string()),
        ("valid_from", pa.date32()),
        ("valid_until", pa.date32()),  # first day on which another factor holds
        ("factor", pa.decimal128(20, 12)),  # minor units of the shop's currency per minor unit
    ]
)
AMOUNT = "decimal(17, 0)"  # times the factor it fits the 38 digits of every backend


def with_shop_currency(facts: ir.Table, view: LakeView, shop: Shop, amounts: Mapping[str, ir.IntegerValue]) -> ir.Table:
    """Add amounts (minor units of the row's `currency` at `event_at`) in the shop's currency under their names.

    Rounds half to even; raise `MissingRate` naming the currency where no rate holds on the first day.
    """
    foreign = facts.filter(facts.currency != shop.currency)
    first_days = foreign.group_by("currency").agg(first_at=foreign.event_at.min()).to_pyarrow().to_pylist()
    if not first_days:
        return facts.mutate(**amounts)
    factors = _factors(_rates(view, shop), shop.currency, {row["currency"]: row["first_at"] for row in first_days})
    day = facts.event_at.date()
    table = view.memory_table(f"factors_{shop.shop_id}", factors)
    priced = facts.mutate(**amounts).left_join(
        table,
        [facts.currency == table.rate_currency, day >= table.valid_from, day < table.valid_until],
    )
    own = {name: priced[name].cast(AMOUNT) * priced.factor for name in amounts}
    converted = {name: priced.factor.isnull().ifelse(priced[name], _half_even(own[name])) for name in amounts}
    return priced.mutate(**converted).drop(*FACTORS_SCHEMA.names)


def _half_even(value: ir.DecimalValue) -> ir.IntegerValue:
    """Round a decimal half to even, with floor alone: backends differ in how they round."""
    whole = value.floor().cast("int64")
    rest = value - whole.cast(AMOUNT)
    half = Decimal("0.5")
    up = (rest > half) | ((rest == half) & (whole % 2 != 0))
    return whole + up.cast("int64")


def _rates(view: LakeView, shop: Shop) -> tuple[ExchangeRate, ...]:
    rates = view.table("rates")
    ours = rates.filter(rates.shop_id == shop.shop_id, (rates.base == shop.currency) | (rates.quote == shop.currency))
    return tuple(
        ExchangeRate(
            base=row["base"],
            quote=row["quote"],
            on=row["rate_on"],
            rate=Decimal(row["rate_text"]),
            source=row["source"],
        )
        for row in ours.select("base", "quote", "rate_on", "rate_text", "source").to_pyarrow().to_pylist()
    )


def _factors(rates: tuple[ExchangeRate, ...], to: str, first_at: Mapping[str, datetime]) -> pa.Table:
    rows: list[dict[str, object]] = []
    for currency, instant in sorted(first_at.items()):
        known = ExchangeRates(rates=tuple(rate for rate in rates if currency in (rate.base, rate.quote)))
        known.factor(currency, to, instant.date())
        starts = sorted({rate.on for rate in known.rates})
        for start, end in zip(starts, [*starts[1:], date.max], strict=True):
            factor = known.factor(currency, to, start).scaleb(exponent(to) - exponent(currency))
            rows.append(
                {
                    "rate_currency": currency,
                    "valid_from": start,
                    "valid_until": end,
                    "factor": factor.quantize(Decimal("1e-12")),
                }
            )
    return pa.Table.from_pylist(rows, schema=FACTORS_SCHEMA)
