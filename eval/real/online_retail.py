"""Online Retail II: how many new buyers of the peak of 2010 came back, by the product's own metric."""

import tempfile
import warnings
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from memory.domain.experiment import Interval
from memory.domain.facts import LAKE_SCHEMAS
from memory.domain.market import Shop
from memory.lake.lake import Lake
from tools.cohorts import Peak
from tools.lookback import LookBack, look_back
from tools.metrics import Rpr

from .figure import Figure, near

SOURCE = "Online Retail II (UCI, Daqing Chen), CC BY 4.0"
FILES = ("online_retail_ii_to_2011_06.parquet",)
PEAK = Peak(from_on=date(2010, 11, 1), until_on=date(2010, 12, 24))
N_NEW = 401
RATES = {30: 19.5, 90: 27.4, 180: 37.9}
"""Published share that came back within so many days, in percent."""
ORDERS = """
SELECT 'uk' shop_id, invoice fact_id, 1::INT revision, 'h' content_hash, min(local_at) event_at,
  min(local_at) arrived_at, 'online-retail' source, invoice order_ref,
  'c' || customer_id::VARCHAR subject_id, 'GBP' currency,
  sum(round(quantity * unit_price * 100))::BIGINT subtotal_minor, 0::BIGINT discount_minor, 0::BIGINT shipping_minor,
  0::BIGINT tax_minor, 0::BIGINT refunded_minor, sum(quantity)::BIGINT n_items, 0::BIGINT n_gift_items, 'web' channel,
  NULL::VARCHAR origin, 'GB' market, NULL::VARCHAR discount_code, false is_cancelled, true is_paid, false is_referred
FROM (SELECT *, invoice_date AT TIME ZONE 'Europe/London' local_at FROM read_parquet($file)
  WHERE customer_id IS NOT NULL AND quantity > 0 AND unit_price > 0 AND NOT regexp_matches(invoice, '^[CA]'))
GROUP BY invoice, customer_id
"""


def figures(folder: Path) -> tuple[Figure, ...]:
    """Give the new buyers and who of them came back within 30, 90 and 180 days, in percent."""
    found = look_back_at(folder / FILES[0])
    figures = [near("new buyers", float(found.n_new), N_NEW, 0)]
    for one in found.came_back:
        if isinstance(one, Rpr):
            figures.append(_rate(one.within_days, one.rate))
    return tuple(figures)


def look_back_at(path: Path) -> LookBack:
    """Give the look back at the peak of 2010 from the table's rows."""
    shop = Shop(shop_id="uk", name="UK", currency="GBP", zone="Europe/London", home_market="GB")
    with tempfile.TemporaryDirectory(prefix="second-order-real-") as home:
        lake = Lake(Path(home))
        version = lake.append("orders", _orders(path).cast(LAKE_SCHEMAS["orders"]))
        with lake.open({"orders": version}) as view:
            return look_back(view, shop, PEAK, datetime(2026, 1, 1, tzinfo=UTC))


def _rate(days: int, rate: Interval) -> Figure:
    value = near(f"came back within {days} days, %", 100 * rate.estimate, RATES[days], 0.05)
    return value.model_copy(update={"low": 100 * rate.low, "high": 100 * rate.high})


def _orders(path: Path) -> Any:
    with duckdb.connect() as connection, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        connection.execute("SET TimeZone = 'UTC'")
        return connection.execute(ORDERS, {"file": str(path)}).to_arrow_table()
