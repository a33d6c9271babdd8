"""The same Ibis expressions give the same rows on DuckDB and Spark."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pytest

from memory.domain.clock import ManualClock
from memory.domain.facts import LAKE_SCHEMAS
from memory.domain.market import Shop
from memory.domain.profile import PROFILE_SCHEMA
from memory.lake.backends import SparkBackend
from memory.lake.lake import Lake
from memory.lake.view import LakeView
from memory.store.engine import Store
from tests.factories.facts import Facts, fact
from tools.facts import commit_facts, in_shop_currency, open_facts
from tools.profile import build_profiles

pytestmark = [
    pytest.mark.spark,
    pytest.mark.slow,
    pytest.mark.filterwarnings("default"),  # PySpark's own warnings are not ours
]
Build = Callable[[LakeView], ir.Table]
AS_OF = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def filled(store: Store, lake: Lake, shop: Shop, clock: ManualClock) -> tuple[Store, Lake]:
    """A shop with orders in two currencies, a revision, merged records and every kind of fact a profile reads."""
    commit(store, lake, told_facts(shop), clock)
    changed = {**told_facts(shop).rows["orders"][3], "refunded_minor": 123}
    rows = {"orders": without_revision("orders", [changed])}
    merged = pa.table({"subject_id": ["p2", "p7"], "person_id": ["p1", "p6"]})
    commit_facts(store, lake, {**rows, "identities": merged}, "later", clock.now())
    return store, lake


def told_facts(shop: Shop) -> Facts:
    chance = random.Random(7)
    told = Facts()
    for n in range(60):
        person, at = f"p{n % 13}", AS_OF - timedelta(days=chance.randrange(400), seconds=chance.randrange(86_400))
        sku, quantity = chance.choice("abcd"), chance.randrange(1, 4)
        line = {
            "sku": sku,
            "category": f"c{sku}",
            "quantity": quantity,
            "unit_price_minor": chance.randrange(100, 9000),
        }
        line["unit_price_minor"] = chance.randrange(100, 9000)
        told.order(
            person, at, line, shop_id=shop.shop_id, subtotal_minor=chance.randrange(101, 20_001),
            discount_minor=chance.choice((0, 0, 250)), n_items=quantity, currency=chance.choice(("EUR", "USD")),
            channel=chance.choice(("web", "app", "store")), market=chance.choice(("DE", "FR", None)),
        )  # fmt: skip
        kind = chance.choice(("view", "cart", "mail_open", "return", "delivery", "review"))
        told.event(person, at, kind, shop_id=shop.shop_id, device=chance.choice(("mobile", "desktop")), value=1.0)
        status = chance.choice(("granted", "granted", "revoked"))
        told.consent(person, at, chance.choice(("email", "sms")), shop_id=shop.shop_id, status=status)
    for n, (on, text) in enumerate((("2024-01-01", "0.91"), ("2025-07-01", "0.857"))):
        day = datetime.fromisoformat(on).date()
        rate = {"base": "USD", "quote": "EUR", "rate_on": day, "rate_text": text, "shop_id": shop.shop_id}
        told.rows.setdefault("rates", []).append(fact("rates", n, AS_OF, **rate))
    return told


def without_revision(table: str, rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, LAKE_SCHEMAS[table]).drop_columns(["revision", "content_hash"])


def commit(store: Store, lake: Lake, told: Facts, clock: ManualClock) -> None:
    rows = {table: without_revision(table, rows) for table, rows in told.rows.items()}
    commit_facts(store, lake, rows, "import", clock.now())


def both(
    filled: tuple[Store, Lake],
    shop: Shop,
    spark: SparkBackend,
    build: Callable[[LakeView], ir.Table],
    schema: pa.Schema,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    found = []
    for backend in (None, spark):
        with open_facts(*filled, [shop.shop_id], backend=backend) as view:
            rows = build(view).select(*schema.names).to_pyarrow().cast(schema)
        found.append(rows.sort_by([(name, "ascending") for name in schema.names[:3]]).to_pylist())
    return found[0], found[1]


@pytest.mark.parametrize("table", ["orders", "order_lines", "events", "consents"])
def test_the_latest_revisions_and_people_are_the_same(
    filled: tuple[Store, Lake], shop: Shop, spark_backend: SparkBackend, table: str
) -> None:
    schema = LAKE_SCHEMAS[table].append(pa.field("person_id", pa.string()))
    on_duckdb, on_spark = both(filled, shop, spark_backend, lambda view: view.table(table), schema)
    assert len(on_duckdb) == 60
    assert on_spark == on_duckdb
    if table == "orders":
        assert [row["refunded_minor"] for row in on_spark if row["revision"] == 2] == [123]


def test_money_in_the_shop_s_currency_is_the_same_to_the_minor_unit(
    filled: tuple[Store, Lake], shop: Shop, spark_backend: SparkBackend
) -> None:
    schema = pa.schema([("fact_id", pa.string()), ("currency", pa.string()), ("net_minor", pa.int64())])
    on_duckdb, on_spark = both(
        filled, shop, spark_backend, lambda view: in_shop_currency(view.table("orders"), view, shop), schema
    )
    assert {row["currency"] for row in on_duckdb} == {"EUR", "USD"}
    assert on_spark == on_duckdb


def test_profiles_are_the_same(filled: tuple[Store, Lake], shop: Shop, spark_backend: SparkBackend) -> None:
    on_duckdb, on_spark = both(
        filled, shop, spark_backend, lambda view: build_profiles(view, shop, AS_OF), PROFILE_SCHEMA
    )
    assert len(on_duckdb) == 11
    assert on_spark == on_duckdb
