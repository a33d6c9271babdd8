"""A synthetic shop written straight into a lake by DuckDB: customers with ten orders each, lines, events, consents."""

from pathlib import Path

import duckdb

from memory.domain.facts import LAKE_SCHEMAS
from memory.lake.lake import Lake

ORDERS_PER_CUSTOMER = 10
_COMMON = (
    "'bench' AS shop_id, md5('{table}' || i) AS fact_id, 1 AS revision, '' AS content_hash, "
    "{at} AS event_at, {at} AS arrived_at, 'bench' AS source"
)
_ORDER_AT = "(TIMESTAMPTZ '2024-01-01 00:00:00+00' + to_seconds((hash(i) % 63072000)::BIGINT))"  # two years
_CUSTOMER = "'p' || lpad((hash(i * 7 + 1) % {n})::VARCHAR, 23, '0')"

QUERIES: dict[str, tuple[int, str]] = {
    "orders": (
        ORDERS_PER_CUSTOMER,
        "'#' || i AS order_ref, {customer} AS subject_id, 'EUR' AS currency, "
        "(500 + hash(i + 3) % 20000)::BIGINT AS subtotal_minor, "
        "CASE WHEN hash(i + 4) % 3 = 0 THEN 300 ELSE 0 END::BIGINT AS discount_minor, 490::BIGINT AS shipping_minor, "
        "800::BIGINT AS tax_minor, CASE WHEN hash(i + 5) % 20 = 0 THEN 400 ELSE 0 END::BIGINT AS refunded_minor, "
        "(1 + hash(i + 6) % 4)::BIGINT AS n_items, (hash(i + 7) % 2)::BIGINT AS n_gift_items, "
        "['web', 'app', 'store', 'marketplace'][(1 + hash(i + 8) % 4)::BIGINT] AS channel, "
        "['google', 'meta', NULL][(1 + hash(i + 9) % 3)::BIGINT] AS origin, "
        "['DE', 'FR', 'US', NULL][(1 + hash(i + 10) % 4)::BIGINT] AS market, "
        "NULL AS discount_code, hash(i + 11) % 50 = 0 AS is_cancelled, hash(i + 12) % 50 <> 0 AS is_paid, "
        "hash(i + 13) % 10 = 0 AS is_referred",
    ),
    "order_lines": (
        ORDERS_PER_CUSTOMER,
        "md5('orders' || i) AS order_fact_id, {customer} AS subject_id, 's' || (hash(i + 20) % 1000) AS sku, "
        "NULL AS category, (1 + hash(i + 6) % 4)::BIGINT AS quantity, (100 + hash(i + 21) % 9000)::BIGINT AS "
        "unit_price_minor, 0::BIGINT AS discount_minor, 'EUR' AS currency, false AS is_gift",
    ),
    "events": (
        2,
        "{customer} AS subject_id, "
        "['view', 'cart', 'mail_open', 'mail_click', 'delivery', 'return', 'review', 'app_open']"
        "[(1 + hash(i + 30) % 8)::BIGINT] AS kind, 'web' AS channel, NULL AS sku, NULL AS category, NULL AS order_ref, "
        "NULL AS message_id, ['mobile', 'desktop', 'app', NULL][(1 + hash(i + 31) % 4)::BIGINT] AS device, "
        "(hash(i + 32) % 5)::DOUBLE AS value, hash(i + 33) % 9 = 0 AS is_machine",
    ),
    "consents": (
        1,
        "{customer} AS subject_id, ['email', 'sms', 'push'][(1 + hash(i + 40) % 3)::BIGINT] AS channel, "
        "'marketing' AS purpose, "
        "CASE WHEN hash(i + 41) % 5 = 0 THEN 'revoked' ELSE 'granted' END AS status, 'form' AS method, "
        "hash(i + 42) % 40 = 0 AS is_suppressed",
    ),
}


def make_shop(root: Path, n_customers: int, events_per_customer: int = 2, *, by_person: bool = False) -> Path:
    """Write the shop `bench` into the lake folder `root` unless it is there; each table stands at version 0.

    With `by_person` the rows lie in the order of their people, as an import writes them.
    """
    if (root / "done").exists():
        return root
    root.mkdir(parents=True, exist_ok=True)  # what does not fit in memory spills there before any table is written
    lake, con = Lake(root), duckdb.connect(config={"memory_limit": "1GB", "temp_directory": str(root / "spill")})
    con.execute("SET TimeZone = 'UTC'")
    for table, (per_customer, columns) in QUERIES.items():
        chosen = columns.format(customer=_CUSTOMER.format(n=n_customers))
        common = _COMMON.format(table=table, at=_ORDER_AT)
        n_rows = n_customers * (events_per_customer if table == "events" else per_customer)
        order = " ORDER BY subject_id" if by_person else ""
        query = f"SELECT {common}, {chosen} FROM range({n_rows}) t(i){order}"
        lake.append(table, con.sql(query).select(*LAKE_SCHEMAS[table].names).to_arrow_reader(200_000))
    products = (
        "SELECT " + _COMMON.format(table="products", at="TIMESTAMPTZ '2024-01-01 00:00:00+00'") + ", 's' || i AS sku, "
        "'t' AS title, 'c' || (i % 20) AS category, NULL AS vendor, 100::BIGINT AS price_minor, NULL::BIGINT AS "
        "compare_at_minor, 'EUR' AS currency, true AS is_active, false AS is_gift_card, NULL AS url, NULL AS image_url "
        "FROM range(1000) t(i)"
    )
    lake.append("products", con.sql(products).select(*LAKE_SCHEMAS["products"].names).to_arrow_reader(200_000))
    con.close()
    (root / "done").touch()
    return root
