"""The published figures of Online Retail II, from its rows to the look back."""

import warnings
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from memory.domain.facts import LAKE_SCHEMAS
from memory.domain.market import Shop
from memory.lake.lake import Lake
from tools.cohorts import Peak
from tools.lookback import SecondOrderWindow, look_back
from tools.metrics import Rpr

pytestmark = pytest.mark.slow

DATA = Path(__file__).parents[4] / "shared" / "data" / "online_retail_ii_to_2011_06.parquet"
ORDERS = """
select 'uk' shop_id, invoice fact_id, 1::int revision, 'h' content_hash, min(local_at) event_at,
  min(local_at) arrived_at, 'online-retail' source, invoice order_ref,
  'c' || customer_id::varchar subject_id, 'GBP' currency,
  sum(round(quantity * unit_price * 100))::bigint subtotal_minor, 0::bigint discount_minor, 0::bigint shipping_minor,
  0::bigint tax_minor, 0::bigint refunded_minor, sum(quantity)::bigint n_items, 0::bigint n_gift_items, 'web' channel,
  null::varchar origin, 'GB' market, null::varchar discount_code, false is_cancelled, true is_paid, false is_referred
from (select *, invoice_date at time zone 'Europe/London' local_at from read_parquet($file)
  where customer_id is not null and quantity > 0 and unit_price > 0 and not regexp_matches(invoice, '^[CA]'))
group by invoice, customer_id
"""


@pytest.mark.shared_data
@pytest.mark.skipif(not DATA.exists(), reason="the real data of ../shared/data are not here")
def test_s1_48_the_look_back_meets_the_published_figures_of_online_retail(tmp_path: Path) -> None:
    with duckdb.connect() as connection, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        connection.execute("set timezone = 'UTC'")
        rows: Any = connection.execute(ORDERS, {"file": str(DATA)}).to_arrow_table()
    shop = Shop(shop_id="uk", name="UK", currency="GBP", zone="Europe/London", home_market="GB")
    peak = Peak(from_on=date(2010, 11, 1), until_on=date(2010, 12, 24))
    lake = Lake(tmp_path)
    with lake.open({"orders": lake.append("orders", rows.cast(LAKE_SCHEMAS["orders"]))}) as view:
        found = look_back(view, shop, peak, datetime(2026, 1, 1, tzinfo=UTC))
    assert (found.n_new, found.n_buyers) == (401, 1968)
    back = [round(one.rate.estimate * 100, 1) for one in found.came_back if isinstance(one, Rpr)]
    assert back == [19.5, 27.4, 37.9]
    assert isinstance(found.window, SecondOrderWindow)
    assert found.window.cumulative[90] == 110
    assert found.read_until.date() == date(2011, 6, 30)
