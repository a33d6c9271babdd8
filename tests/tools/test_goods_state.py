"""Goods state: every data version brings the articles' rows up to date in its own transaction."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from alembic import command
from sqlalchemy import inspect

from agent.assembly import assemble
from agent.settings import load_settings
from memory.domain.clock import ManualClock
from memory.domain.facts import LAKE_SCHEMAS
from memory.lake.lake import Lake
from memory.store.engine import Store
from memory.store.migrations import configuration
from tests.factories.facts import fact
from tools.facts import commit_facts
from tools.goods_state import fill_goods


def rows(table: str, *found: dict[str, Any]) -> pa.Table:
    kept = [field for field in LAKE_SCHEMAS[table] if field.name not in ("revision", "content_hash")]
    plain = [{name: value for name, value in row.items() if name in {f.name for f in kept}} for row in found]
    return pa.Table.from_pylist(plain, pa.schema(kept))


def known(store: Store) -> dict[str, tuple[Any, ...]]:
    with store.read() as uow:
        found = uow.goods_state.get("north", ["shoe", "sock"])
    return {sku: (row.n_available, row.price_minor, row.currency, row.is_active) for sku, row in found.items()}


def test_s2_50_a_commit_of_products_and_stock_updates_the_rows_the_claim_reads(
    store: Store, lake: Lake, clock: ManualClock
) -> None:
    at = clock.now()
    shoe, stock = fact("products", 1, at, sku="shoe"), fact("stock", 1, at, sku="shoe", quantity=3)
    commit_facts(store, lake, {"products": rows("products", shoe), "stock": rows("stock", stock)}, "import", at)
    assert known(store) == {"shoe": (3, 5000, "EUR", True)}
    later = at + timedelta(hours=1)
    gone = rows("stock", stock | {"quantity": 0, "arrived_at": later})
    cheaper = rows("products", shoe | {"price_minor": 4000, "arrived_at": later})
    commit_facts(store, lake, {"stock": gone, "products": cheaper}, "import", later)
    assert known(store) == {"shoe": (0, 4000, "EUR", True)}


def test_s2_50_an_article_without_a_stock_figure_or_a_catalogue_entry_is_known_as_such(
    store: Store, lake: Lake, clock: ManualClock
) -> None:
    at = clock.now()
    facts = {
        "products": rows("products", fact("products", 1, at, sku="shoe", is_active=False)),
        "stock": rows("stock", fact("stock", 2, at, sku="sock", quantity=8)),
    }
    commit_facts(store, lake, facts, "import", at)
    assert known(store) == {"shoe": (None, 5000, "EUR", False), "sock": (8, None, "", False)}


def test_s2_50_a_transaction_that_fails_leaves_the_rows_as_they_were(
    store: Store, lake: Lake, clock: ManualClock
) -> None:
    at = clock.now()
    stock = fact("stock", 1, at, sku="shoe", quantity=3)
    with pytest.raises(RuntimeError, match="broken"), store.unit_of_work() as uow:
        commit_facts(uow, lake, {"stock": rows("stock", stock)}, "import", at)
        assert known_in(uow) == {"shoe"}
        raise RuntimeError("broken")
    assert known(store) == {}


def known_in(uow: Any) -> set[str]:
    return set(uow.goods_state.get("north", ["shoe"]))


def test_s2_50_shops_keep_their_own_rows(store: Store, lake: Lake, clock: ManualClock) -> None:
    at = clock.now()
    here = fact("stock", 1, at, sku="shoe", quantity=3)
    there = fact("stock", 2, at, sku="shoe", quantity=0, shop_id="south")
    commit_facts(store, lake, {"stock": rows("stock", here, there)}, "import", at)
    with store.read() as uow:
        assert uow.goods_state.get("north", ["shoe"])["shoe"].n_available == 3
        assert uow.goods_state.get("south", ["shoe"])["shoe"].n_available == 0


def test_s2_50_an_installation_of_a_former_version_knows_its_articles_without_an_import(
    tmp_path: Path, clock: ManualClock
) -> None:
    before = assemble(load_settings(home=tmp_path / "home"), clock)
    at = clock.now()
    facts = {
        "products": rows("products", fact("products", 1, at, sku="shoe")),
        "stock": rows("stock", fact("stock", 1, at, sku="shoe", quantity=3)),
    }
    commit_facts(before.store, before.lake, facts, "import", at)
    with before.store.engine.begin() as connection:  # back to the revision that had no such rows
        command.downgrade(configuration(connection), "0003")
        assert not inspect(connection).has_table("goods_state")
    before.close()
    after = assemble(load_settings(home=tmp_path / "home"), clock)
    assert known(after.store) == {"shoe": (3, 5000, "EUR", True)}
    assert fill_goods(after.store, after.lake) == 0  # and once only
    after.close()


def test_a_store_without_articles_does_not_read_the_lake(store: Store) -> None:
    lake: Any = None
    assert fill_goods(store, lake) == 0
