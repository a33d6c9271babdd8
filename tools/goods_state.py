"""Goods state after new facts: newest stock and price of every article, in the data version's own transaction."""

import ibis
import ibis.expr.types as ir

from memory.lake.lake import Lake
from memory.lake.view import LakeView
from memory.store.engine import Store
from memory.store.goods_state import GOODS_STATE_SCHEMA
from memory.store.unit_of_work import UnitOfWork


def fill_goods(store: Store, lake: Lake) -> int:
    """Work out the rows of a store that has none though the lake knows articles; give how many.

    That is an installation that was updated from a version without these rows: until its next import every article
    would count as sold out. Where there are rows, or no articles, the lake is not read.
    """
    with store.read() as uow:
        if not uow.goods_state.is_behind(uow.versions.latest().tables):
            return 0
    with store.unit_of_work() as uow:
        uow.versions.lock()
        return update_goods(uow, lake)


def update_goods(uow: UnitOfWork, lake: Lake) -> int:
    """Bring the rows of all articles up to the newest data version; give how many changed."""
    with lake.open(uow.versions.latest().tables) as view:
        known = view.memory_table("known_goods", uow.goods_state.all())
        changed = goods_now(view).difference(known).to_pyarrow().cast(GOODS_STATE_SCHEMA)
    uow.goods_state.upsert(changed)
    return int(changed.num_rows)


def goods_now(view: LakeView) -> ir.Table:
    """Give `GOODS_STATE_SCHEMA`: the newest stock figure and catalogue entry per shop and article."""
    products = _newest(view.table("products"), "price_minor", "currency", "is_active")
    stock = _newest(view.table("stock"), "quantity")
    both = products.outer_join(stock, [products.shop_id == stock.shop_id, products.sku == stock.sku])
    return both.select(
        shop_id=ibis.coalesce(both.shop_id, both.shop_id_right),
        sku=ibis.coalesce(both.sku, both.sku_right),
        n_available=both.quantity,
        price_minor=both.price_minor,
        currency=ibis.coalesce(both.currency, ""),
        is_active=ibis.coalesce(both.is_active, False),
    )


def _newest(rows: ir.Table, *columns: str) -> ir.Table:
    """Give (shop_id, sku, columns) of the newest row; of one instant the one that arrived later counts."""
    order = {"event_at": rows.event_at, "arrived_at": rows.arrived_at, "fact_id": rows.fact_id}
    newest = rows.group_by(["shop_id", "sku"]).agg(
        newest=ibis.struct(order | {name: rows[name] for name in columns}).max()
    )
    return newest.select("shop_id", "sku", **{name: newest.newest[name] for name in columns})
