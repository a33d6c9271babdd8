"""What price and stock notices share: articles a person followed and did not buy, told of once per window (S2-50)."""

from datetime import timedelta

import ibis
import ibis.expr.types as ir

from tools.facts import newest_per_sku

from .links import owners_only
from .rule import Query
from .shelf import INTEREST, is_released

NOTICE_WINDOW = timedelta(days=30)
"""A person hears of a change of one article at most once in so long, over all plans."""


def followed(query: Query) -> ir.Table:
    """Give (person_id, sku, event_at): the last look within 60 days at each article that was not bought since ever."""
    seen = query.looked
    seen = seen.filter(seen.sku.notnull(), seen.event_at > ibis.literal(query.as_of - INTEREST))
    last = seen.group_by(["person_id", "sku"]).agg(event_at=seen.event_at.max())
    unbought = last.anti_join(query.bought, ["person_id", "sku"])
    return unbought if query.told is None else unbought.anti_join(query.told, ["person_id", "sku"])


def buyable(query: Query, *, by_owners: bool = False) -> ir.Table:
    """Give what is on sale variant by variant: stock_sku, url, title, price_minor; a notice speaks of one variant.

    What is sold to owners of another article only is left out, unless it is asked for them.
    """
    products = query.view.table("products")
    products = products.filter(
        products.is_active,
        ~products.is_gift_card,
        products.url.notnull(),
        products.currency == query.shop.currency,
        is_released(products, query.as_of),
    )
    if not by_owners:
        products = products.anti_join(owners_only(query.view), "sku")
    stock = query.view.table("stock")
    last = newest_per_sku(stock.filter(stock.event_at <= ibis.literal(query.as_of)), "quantity")
    here = products.semi_join(last.filter(last.quantity > 0), products.sku == last.sku_of)
    price = ibis.struct({"event_at": here.event_at, "fact_id": here.fact_id, "price": here.price_minor})
    newest = here.group_by(stock_sku=here.sku).agg(url=here.url.max(), title=here.title.max(), newest=price.max())
    return newest.mutate(price_minor=newest.newest["price"]).drop("newest")
