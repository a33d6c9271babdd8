"""`online-retail`: the Online Retail II table of a UK gift shop, read columnar.

Its rules, from the read-me beside the data: an order is an invoice; invoices that begin with C or A, lines without
a positive quantity or price, lines without a customer and exact copies of a line are left out; codes such as POST,
M, D, BANK CHARGES and AMAZONFEE are no products: their money counts as shipping, and an invoice of nothing else
stays an order, as the published figures count it. Times are naive and read as Europe/London; money is GBP.
Cancelled lines of a customer become return events, because they are the only trace of returns in this table.
"""

# ruff: noqa: S608  the statements hold constants only; values are parameters

from typing import Any

from .duck import open_duckdb
from .fields import country
from .importer import Importer
from .intake import Intake
from .parquet import check_parquet, quoted
from .text import clean

SOURCE = "online-retail"
COLUMNS = (
    "invoice", "stock_code", "description", "quantity", "invoice_date", "unit_price", "customer_id", "country",
)  # fmt: skip
NO_PRODUCTS = (
    "POST", "DOT", "M", "D", "C2", "C3", "S", "B", "BANK CHARGES", "AMAZONFEE", "ADJUST", "ADJUST2", "CRUK",
    "GIFT", "TEST001", "TEST002",
)  # fmt: skip
"""Postage, carriage, samples, manual entries, discounts, fees and corrections."""
_CODES = ", ".join(f"'{code}'" for code in NO_PRODUCTS)
MAX_UNIT_PRICE = 1_000_000

_LINES = f"""
CREATE TEMP TABLE lines AS SELECT *, row_number() OVER (PARTITION BY invoice ORDER BY place)::INTEGER AS nth FROM (
  SELECT min(file_row_number) AS place, invoice::VARCHAR AS invoice, upper(trim(stock_code::VARCHAR)) AS sku,
    any_value(description::VARCHAR) AS title, quantity::BIGINT AS quantity, invoice_date AS local_at,
    round_even(unit_price::DOUBLE * 100, 0)::BIGINT AS price, customer_id::VARCHAR AS customer,
    country::VARCHAR AS country
  FROM raw WHERE left(invoice::VARCHAR, 1) NOT IN ('C', 'A') AND quantity > 0
    AND unit_price > 0 AND unit_price < {MAX_UNIT_PRICE} AND customer_id IS NOT NULL AND invoice_date IS NOT NULL
    AND stock_code IS NOT NULL
  GROUP BY invoice, sku, quantity, local_at, price, customer, country)
"""
_ORDERS = """
SELECT $shop AS shop_id, left(sha256(concat_ws(chr(31), $shop, $source, 'orders', invoice)), 32) AS fact_id,
  timezone('Europe/London', min(local_at)) AS event_at, $source AS source, invoice AS order_ref,
  any_value(subject) AS subject_id, 'GBP' AS currency,
  coalesce(sum(quantity * price) FILTER (is_product), 0)::BIGINT AS subtotal_minor, 0 AS discount_minor,
  coalesce(sum(quantity * price) FILTER (NOT is_product), 0)::BIGINT AS shipping_minor, 0 AS tax_minor,
  0 AS refunded_minor, coalesce(sum(quantity) FILTER (is_product), 0)::BIGINT AS n_items, 0 AS n_gift_items,
  'web' AS channel, any_value(market) AS market, false AS is_cancelled, true AS is_paid, false AS is_referred
FROM known GROUP BY invoice
"""
_ORDER_LINES = """
SELECT $shop AS shop_id, left(sha256(concat_ws(chr(31), $shop, $source, 'order_lines', invoice || ':' || nth)), 32)
    AS fact_id, timezone('Europe/London', local_at) AS event_at, $source AS source,
  left(sha256(concat_ws(chr(31), $shop, $source, 'orders', invoice)), 32) AS order_fact_id, subject AS subject_id,
  sku, quantity, price AS unit_price_minor, 0 AS discount_minor, 'GBP' AS currency, false AS is_gift
FROM known WHERE is_product
"""
_PRODUCTS = """
SELECT sku, arg_max(title, local_at) AS title, arg_max(price, local_at) AS price,
  epoch_us(timezone('Europe/London', max(local_at))) AS at
FROM known WHERE is_product GROUP BY sku ORDER BY sku
"""
_RETURNS = f"""
SELECT $shop AS shop_id, left(sha256(concat_ws(chr(31), $shop, $source, 'events', invoice)), 32) AS fact_id,
  timezone('Europe/London', min(invoice_date)) AS event_at, $source AS source, any_value(subject) AS subject_id,
  'return' AS kind, 'web' AS channel, NULL AS sku, invoice AS order_ref, false AS is_machine
FROM (SELECT invoice::VARCHAR AS invoice, invoice_date, customer_id::VARCHAR AS customer FROM raw
  WHERE left(invoice::VARCHAR, 1) = 'C' AND customer_id IS NOT NULL AND invoice_date IS NOT NULL
    AND upper(trim(stock_code::VARCHAR)) NOT IN ({_CODES}))
JOIN people USING (customer) GROUP BY invoice
"""
_PEOPLE = """
SELECT $shop AS shop_id, left(sha256(concat_ws(chr(31), $shop, $source, 'people', any_value(customer))), 32) AS fact_id,
  timezone('Europe/London', max(local_at)) AS event_at, $source AS source, subject AS subject_id,
  arg_max(market, local_at) AS market, false AS is_assumed
FROM known WHERE market IS NOT NULL GROUP BY subject
"""
_COUNTS = """
SELECT count(*), count(*) FILTER (left(invoice::VARCHAR, 1) = 'C'), count(*) FILTER (left(invoice::VARCHAR, 1) = 'A'),
  count(*) FILTER (left(invoice::VARCHAR, 1) NOT IN ('C', 'A') AND (quantity <= 0 OR unit_price <= 0)),
  count(*) FILTER (left(invoice::VARCHAR, 1) NOT IN ('C', 'A') AND quantity > 0 AND unit_price > 0
    AND customer_id IS NULL) FROM raw
"""


_STATEMENTS = {"orders": _ORDERS, "order_lines": _ORDER_LINES, "events": _RETURNS, "people": _PEOPLE}


def read(intake: Intake) -> None:
    """Read the table into orders, lines, products, people and return events."""
    check_parquet(intake.source, COLUMNS)
    with open_duckdb("600MB") as con:
        con.execute("SET preserve_insertion_order = false")
        path = quoted(intake.source.path)
        con.execute(f"CREATE VIEW raw AS SELECT * FROM read_parquet({path}, file_row_number = true)")
        _count(intake, con)
        con.execute(_LINES)
        _name_people(intake, con)
        for table, statement in _STATEMENTS.items():
            asked = {"shop": intake.shop.shop_id, "source": SOURCE}
            file = intake.adopt(table)
            con.execute(f"COPY ({statement}) TO {quoted(file)} (FORMAT parquet, COMPRESSION lz4)", asked)
        _products(intake, con)


def _count(intake: Intake, con: Any) -> None:
    intake.source.n_rows, *left_out = con.execute(_COUNTS).fetchone()
    intake.source.bytes_done = intake.source.n_bytes
    rules = ("cancelled", "adjustment", "no positive quantity or price", "no customer")
    for rule, n in zip(rules, left_out, strict=True):
        intake.leave_out(rule, n)


def _name_people(intake: Intake, con: Any) -> None:
    """Give customers their pseudonym and countries their ISO code, and join both to the lines."""
    import pyarrow as pa

    n_lines = con.execute("SELECT count(*) FROM lines").fetchone()[0]
    intake.leave_out("exact copy", intake.source.n_rows - sum(intake.left_out.values()) - n_lines)
    customers = _column(con, "SELECT DISTINCT customer_id::VARCHAR FROM raw WHERE customer_id IS NOT NULL ORDER BY 1")
    subjects = [intake.identify({"customer_id": customer}) for customer in customers]
    countries = _column(con, "SELECT DISTINCT country FROM lines ORDER BY 1")
    markets = [country(name) for name in countries]
    con.register("people", pa.table({"customer": pa.array(customers, pa.string()), "subject": subjects}))
    con.register("places", pa.table({"country": countries, "market": pa.array(markets, pa.string())}))
    con.execute(
        f"CREATE VIEW known AS SELECT lines.*, subject, market, sku NOT IN ({_CODES}) AS is_product "
        "FROM lines JOIN people USING (customer) LEFT JOIN places USING (country)"
    )


def _column(con: Any, query: str) -> list[str]:
    return [row[0] for row in con.execute(query).fetchall()]


def _products(intake: Intake, con: Any) -> None:
    for sku, title, price, at in con.execute(_PRODUCTS).fetchall():
        values = {
            "sku": sku, "title": clean(title or "") or sku, "price_minor": price, "currency": "GBP",
            "is_active": True, "is_gift_card": sku.startswith("GIFT_"),
        }  # fmt: skip
        intake.fact("products", SOURCE, sku, at, values)


IMPORTER = Importer(
    id="online-retail",
    title={"en": "Online Retail II", "zh": "Online Retail II 数据集"},
    description={
        "en": "The public table of a UK gift shop's order lines 2009 to 2011 (UCI); Parquet.",
        "zh": "一家英国礼品店 2009 至 2011 年的公开订单行数据（UCI）；Parquet 格式。",
    },
    read=read,
)
