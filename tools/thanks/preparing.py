"""Preparing goods: what follows from each article, each category and the whole shop, so that a block is looked up.

What is in stock and what it costs is not prepared: the block reads both at the instant it is asked for.
"""

from datetime import datetime

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.market import Shop
from memory.lake.view import LakeView
from memory.store.thanks_goods import THANKS_GOODS_SCHEMA, THANKS_PAIRS_SCHEMA
from tools.recommendations.pairs import pairs
from tools.recommendations.shelf import on_sale, paged

N_KEPT = 12
"""Articles kept per anchor, so that enough are left where some are sold out or ordered already."""
WHOLE_SHOP = "*"
MAX_TITLE = 200


def anchor_of(category: str) -> str:
    """Give the anchor of a category; no article is called like it."""
    return f"={category}"


def prepare(view: LakeView, shop: Shop, as_of: datetime) -> tuple[pa.Table, pa.Table]:
    """Give `THANKS_GOODS_SCHEMA` and `THANKS_PAIRS_SCHEMA` of a shop as of now."""
    shelf = view.once("thanks_shelf", lambda: on_sale(view, shop, as_of))
    found = _complements(view, shelf, as_of).union(_bestsellers(shelf, by_category=True))
    found = found.union(_bestsellers(shelf, by_category=False))
    order = ibis.window(group_by=found.anchor, order_by=[found.score.desc(), found.sku])
    ranked = found.mutate(place=ibis.row_number().over(order).cast("int64"))
    kept = ranked.filter(ranked.place < N_KEPT).select(*THANKS_PAIRS_SCHEMA.names).order_by(["anchor", "place"])
    return _goods(view).to_pyarrow().cast(THANKS_GOODS_SCHEMA), kept.to_pyarrow().cast(THANKS_PAIRS_SCHEMA)


def _goods(view: LakeView) -> ir.Table:
    """Give the articles that have a page one may link to: feeds are not trusted to name only web pages."""
    products = paged(view)
    products = products.filter(products.is_active, ~products.is_gift_card, _is_web(products.url))
    goods = products.group_by("sku").agg(
        title=products.title.max().substr(0, MAX_TITLE),
        url=products.url.max(),
        image=products.image_url.max(),
        category=ibis.coalesce(products.category.max(), ""),
    )
    image_url = ibis.ifelse(goods.image.notnull() & _is_web(goods.image), goods.image, "")
    return goods.mutate(image_url=image_url).select(*THANKS_GOODS_SCHEMA.names).order_by("sku")


def _is_web(address: ir.Value) -> ir.BooleanValue:
    return address.re_search(r"^https?://[^\s\"'<>\\]+$")


def _complements(view: LakeView, shelf: ir.Table, as_of: datetime) -> ir.Table:
    """Give what is bought together with each article, on its page's own variant, by confidence."""
    found = pairs(view, as_of)
    products = paged(view)
    pages = products.group_by(page_sku=products.sku).agg(url=products.url.max())
    placed = found.inner_join(pages, found.other == pages.page_sku)
    known = placed.select("url", "n_together", "confidence_rate", anchor="sku").inner_join(
        shelf.select("url", shown="sku"), "url"
    )
    best = known.group_by(["anchor", "shown"]).agg(score=known.confidence_rate.max(), n_together=known.n_together.max())
    return best.select(
        "anchor", "score", sku="shown", rule=ibis.literal("complement"), n_together=best.n_together.cast("int64")
    )


def _bestsellers(shelf: ir.Table, *, by_category: bool) -> ir.Table:
    """Give what sold most lately, per category or over the whole shop."""
    rule = "same_category" if by_category else "bestseller"
    anchor = ibis.literal("=").concat(shelf.category) if by_category else ibis.literal(WHOLE_SHOP)
    found = shelf.mutate(anchor=anchor)
    order = ibis.window(group_by=found.anchor, order_by=[found.n_units.desc(), found.sku])
    first = found.mutate(at=ibis.row_number().over(order))
    return first.filter(first["at"] < N_KEPT).select(
        "anchor",
        "sku",
        score=first.n_units.cast("float64"),
        rule=ibis.literal(rule),
        n_together=ibis.literal(0, "int64"),
    )
