from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory.domain.facts import LAKE_SCHEMAS
from memory.lake.staging import Staging
from tests.factories.facts import fact

DAY = datetime(2025, 11, 28, 10, tzinfo=UTC)


def product(number: int, **values: Any) -> dict[str, Any]:
    return fact("products", number, DAY, sku=f"s{number}", **values)


def hashes(*rows: dict[str, Any]) -> list[str]:
    table = pa.Table.from_pylist(list(rows), LAKE_SCHEMAS["products"]).drop_columns(["revision", "content_hash"])
    with Staging(DAY) as staging:
        staging.add("products", table)
        staging.compare("products", (), ())
        batches = list(staging.fresh("products"))
    found = pa.Table.from_batches(batches).sort_by("sku")
    hashes: list[str] = found["content_hash"].to_pylist()
    return hashes


def test_the_hash_covers_every_content_column_and_not_the_arrival() -> None:
    base = product(1, vendor="v", compare_at_minor=1, url="u", image_url="i")
    first = hashes(base)
    assert hashes({**base, "arrived_at": datetime(2026, 1, 1, tzinfo=UTC), "revision": 9}) == first
    others: dict[str, Any] = {
        "title": "x", "category": "x", "vendor": "x", "price_minor": 1, "compare_at_minor": 2, "currency": "USD",
        "is_active": False, "is_gift_card": True, "url": "x", "image_url": "x",
        "event_at": datetime(2025, 11, 28, 10, 0, 1, tzinfo=UTC),
    }  # fmt: skip
    for name, value in others.items():
        assert hashes({**base, name: value}) != first, name


def test_null_is_not_the_empty_text() -> None:
    assert hashes(product(1, vendor=None)) != hashes(product(1, vendor=""))


def test_a_column_that_is_left_out_hashes_like_null() -> None:
    rows = pa.Table.from_pylist([product(1)], LAKE_SCHEMAS["products"]).drop_columns(
        ["revision", "content_hash", "vendor"]
    )
    with Staging(DAY) as staging:
        staging.add("products", rows)
        staging.compare("products", (), ())
        [batch] = staging.fresh("products")
    assert batch["content_hash"].to_pylist() == hashes(product(1, vendor=None))
    assert batch.schema.names == LAKE_SCHEMAS["products"].names


PAIRS = st.lists(st.tuples(st.text(), st.none() | st.text()), min_size=2, max_size=50)


@settings(max_examples=15)
@given(pairs=PAIRS)
def test_different_content_never_shares_a_hash(pairs: list[tuple[str, str | None]]) -> None:
    found = hashes(*(product(n, title=title, vendor=vendor) | {"sku": "s"} for n, (title, vendor) in enumerate(pairs)))
    assert len(set(found)) == len(set(pairs))


def test_values_that_look_like_tokens_do_not_collide() -> None:
    assert hashes(product(1, title="a;vendor=1:b", vendor=None)) != hashes(product(1, title="a", vendor="b"))


@pytest.mark.slow
def test_a_million_rows_pass_in_bounded_memory(tmp_path: Path) -> None:
    n = 1_000_000
    name = tmp_path / "stock.parquet"
    duckdb.execute(
        "COPY (SELECT 'north' AS shop_id, md5(i::VARCHAR) AS fact_id, now() AS event_at,"
        f" 'test' AS source, 's' || i AS sku, i AS quantity FROM range({n}) t(i)) TO '{name}' (FORMAT parquet)"
    )
    with Staging(DAY) as staging:
        staging.add("stock", name)
        counts = staging.compare("stock", (), ())
        sizes = [batch.num_rows for batch in staging.fresh("stock")]
    assert counts.n_new == sum(sizes) == n
    assert max(sizes) <= 250_000
