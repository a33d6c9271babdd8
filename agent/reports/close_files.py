"""The monthly close as CSV for accounting: sums and the orders behind them, in major units, no cell a formula."""

from datetime import UTC
from decimal import Decimal
from io import BytesIO
from zoneinfo import ZoneInfo

import pyarrow as pa

from memory.domain.market import Shop
from memory.domain.money import Currency, exponent
from tools.neutral_csv import write_neutral_csv

from .close import MonthlyClose


def close_csv(close: MonthlyClose) -> bytes:
    """Give the sums: month, item, plan_id, market, channel, n, amount, currency; amounts in major units."""
    columns: dict[str, list[object]] = {
        "month": [f"{close.month:%Y-%m}"] * len(close.lines),
        **{
            name: [getattr(line, name) for line in close.lines]
            for name in ("item", "plan_id", "market", "channel", "n")
        },
        "amount": [_major(line.amount.amount_minor, line.amount.currency) for line in close.lines],
        "currency": [line.amount.currency for line in close.lines],
    }
    return _written(pa.table(columns, schema=_schema(columns)))


def orders_csv(orders: pa.Table, shop: Shop) -> bytes:
    """Give the orders behind what was redeemed, with their instant in the shop's zone and the cost in its currency."""
    zone = ZoneInfo(shop.zone)
    rows = orders.to_pylist()
    at = [row["ordered_at"].replace(tzinfo=UTC).astimezone(zone).isoformat() for row in rows]
    names = ("order_ref", "market", "order_currency", "plan_id", "offer_id")
    columns: dict[str, list[object]] = {
        "ordered_at": list(at),
        **{name: [row[name] for row in rows] for name in names},
        "cost": [_major(row["cost_minor"], shop.currency) for row in rows],
        "currency": [shop.currency] * len(rows),
    }
    return _written(pa.table(columns, schema=_schema(columns)))


def _schema(columns: dict[str, list[object]]) -> pa.Schema:
    return pa.schema([(name, pa.int64() if name == "n" else pa.string()) for name in columns])


def _major(minor: int, currency: Currency) -> str:
    """Give the sum with as many decimals as the currency has."""
    return str(Decimal(minor).scaleb(-exponent(currency)))


def _written(table: pa.Table) -> bytes:
    written = BytesIO(b"\xef\xbb\xbf")  # spreadsheets need the mark for Chinese
    written.seek(0, 2)
    write_neutral_csv(table, written)
    return written.getvalue()
