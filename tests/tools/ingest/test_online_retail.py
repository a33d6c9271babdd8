"""The kind `online-retail`: the rules of the read-me beside the data, and the real table where it is at hand."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.factories.imports import Intaker
from tools.ingest import FileRefused
from tools.ingest.limits import Limits

pytestmark = pytest.mark.slow

REAL = Path("../shared/data/online_retail_ii_to_2011_06.parquet")
SCHEMA = pa.schema(
    [("invoice", pa.string()), ("stock_code", pa.string()), ("description", pa.string()), ("quantity", pa.int32()),
     ("invoice_date", pa.timestamp("us")), ("unit_price", pa.float64()), ("customer_id", pa.int32()),
     ("country", pa.string())]
)  # fmt: skip
LINE: dict[str, Any] = {
    "invoice": "489434", "stock_code": "85048", "description": "GLASS BALL", "quantity": 12,
    "invoice_date": datetime.fromisoformat("2010-07-01T09:30"), "unit_price": 6.95, "customer_id": 13085,
    "country": "United Kingdom",
}  # fmt: skip


def _import(intaker: Intaker, *lines: dict[str, Any], **options: Any) -> Any:
    path = intaker.folder / "retail.parquet"
    pq.write_table(pa.Table.from_pylist([{**LINE, **line} for line in lines], schema=SCHEMA), path)
    return intaker("online-retail", path, **options)


def test_an_invoice_is_an_order_in_pounds_and_london_time(intaker: Intaker) -> None:
    _import(
        intaker, {}, {"stock_code": "79323W", "quantity": 2, "unit_price": 6.75}, {"stock_code": "POST", "quantity": 1}
    )
    (order,) = intaker.rows("orders")
    assert (order["subtotal_minor"], order["shipping_minor"], order["n_items"]) == (12 * 695 + 2 * 675, 695, 14)
    assert (order["currency"], order["market"]) == ("GBP", "GB")
    assert order["event_at"] == datetime(2010, 7, 1, 8, 30, tzinfo=UTC)
    assert sorted(row["sku"] for row in intaker.rows("order_lines")) == ["79323W", "85048"]
    assert {row["order_fact_id"] for row in intaker.rows("order_lines")} == {order["fact_id"]}
    assert sorted(row["sku"] for row in intaker.rows("products")) == ["79323W", "85048"]


def test_what_the_rules_leave_out_is_counted(intaker: Intaker) -> None:
    report = _import(
        intaker, {}, {}, {"invoice": "C489435"}, {"invoice": "A5"}, {"invoice": "1", "quantity": -1},
        {"invoice": "2", "unit_price": 0.0}, {"invoice": "3", "customer_id": None},
    )  # fmt: skip
    assert report.left_out == {
        "cancelled": 1, "adjustment": 1, "no positive quantity or price": 2, "no customer": 1, "exact copy": 1,
    }  # fmt: skip
    assert len(intaker.rows("orders")) == len(intaker.rows("order_lines")) == 1
    (back,) = intaker.rows("events")
    assert (back["kind"], back["person_id"]) == ("return", intaker.rows("orders")[0]["person_id"])


@pytest.mark.parametrize("code", ["POST", "DOT", "M", "m", "D", "BANK CHARGES", "AMAZONFEE"])
def test_codes_that_are_no_products_are_an_order_without_goods(intaker: Intaker, code: str) -> None:
    _import(intaker, {"stock_code": code})
    assert [(row["subtotal_minor"], row["n_items"]) for row in intaker.rows("orders")] == [(0, 0)]
    assert intaker.rows("products") == intaker.rows("order_lines") == []


@pytest.mark.parametrize(
    ("name", "code"),
    [("EIRE", "IE"), ("USA", "US"), ("RSA", "ZA"), ("Channel Islands", "JE"), ("Korea", "KR"), ("Unspecified", None),
     ("European Community", None), ("West Indies", None), ("Hong Kong", "HK"), ("Czech Republic", "CZ")],
)  # fmt: skip
def test_country_names_become_markets(intaker: Intaker, name: str, code: str | None) -> None:
    _import(intaker, {"country": name})
    assert [row["market"] for row in intaker.rows("orders")] == [code]


def test_nothing_is_known_about_consent_or_addresses(intaker: Intaker) -> None:
    _import(intaker, {})
    (state,) = intaker.state().values()
    assert not any(state[f"consent_{channel}"] for channel in ("email", "sms", "push"))
    with intaker.store.read() as uow:
        assert uow.contacts.is_empty(intaker.shop.shop_id)


def test_the_same_rows_in_another_file_are_unchanged(intaker: Intaker) -> None:
    _import(intaker, {}, {"stock_code": "79323W"})
    report = _import(intaker, {"stock_code": "79323W"}, {}, {})
    assert (report.n_new, report.changes["orders"].n_unchanged) == (0, 1)


def test_d6_a_table_that_unpacks_to_far_more_than_its_size_is_refused(intaker: Intaker) -> None:
    bomb = pa.table({name: pa.array([LINE[name]] * 300_000, SCHEMA.field(name).type) for name in SCHEMA.names})
    path = intaker.folder / "bomb.parquet"
    pq.write_table(bomb, path, compression="zstd", use_dictionary=False)
    with pytest.raises(FileRefused, match="unpack"):
        intaker("online-retail", path, limits=Limits(max_ratio=20))
    with pytest.raises(FileRefused, match="rows"):
        intaker("online-retail", path, limits=Limits(max_rows=1_000))


def test_d6_what_is_no_parquet_is_refused(intaker: Intaker) -> None:
    path = intaker.folder / "x.parquet"
    path.write_bytes(b"PAR1 this is not a table PAR1")
    with pytest.raises(FileRefused, match="no readable Parquet"):
        intaker("online-retail", path)


@pytest.mark.slow
@pytest.mark.shared_data
@pytest.mark.skipif(not REAL.is_file(), reason="the real table is not beside the repository")
def test_the_real_table_gives_the_figures_of_its_read_me(intaker: Intaker) -> None:
    report = intaker("online-retail", REAL)
    assert report.n_rows == 748_841
    with intaker.store.read() as uow, intaker.lake.open(uow.versions.latest().tables) as view:
        orders = view.table("orders").to_pyarrow()
    con = duckdb.connect()
    con.execute("SET TimeZone = 'Europe/London'")
    con.register("orders", orders)
    assert con.execute(NEW_BUYERS).fetchall() == [(401, 19.5, 27.4, 37.9)]


NEW_BUYERS = """
WITH firsts AS (SELECT person_id, min(event_at::DATE) AS first_on FROM orders GROUP BY person_id
  HAVING first_on BETWEEN '2010-11-01' AND '2010-12-24'),
gaps AS (SELECT person_id, min(event_at::DATE) FILTER (event_at::DATE > first_on) - any_value(first_on) AS days
  FROM firsts JOIN orders USING (person_id) GROUP BY person_id)
SELECT count(*), round(100.0 * count(*) FILTER (days <= 30) / count(*), 1),
  round(100.0 * count(*) FILTER (days <= 90) / count(*), 1), round(100.0 * count(*) FILTER (days <= 180) / count(*), 1)
FROM gaps
"""
