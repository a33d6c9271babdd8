"""`bought`: what a person bought last and kept, for mails about care, knowledge and reviews (S1-16, S1-17).

It needs no stock: nothing is offered. Presents are left out, the person may never have held them.
"""

import ibis
import ibis.expr.types as ir

from tools.recommendations.rule import GoodsRule, Query, shaped
from tools.recommendations.shelf import paged


def options(query: Query) -> ir.Table:
    """Give the pages of the articles of a person's purchases, the latest order first; ties by address."""
    mine = query.bought
    mine = mine.filter(~mine.is_gift).anti_join(query.returned, ["person_id", "sku"])
    products = paged(query.view)
    products = products.filter(products.is_active, ~products.is_gift_card)
    pages = products.group_by(page_sku=products.sku).agg(
        url=products.url.max(), title=products.title.max(), price_minor=products.price_minor.max()
    )
    known = mine.inner_join(pages, mine.sku == pages.page_sku)
    last = known.group_by(["person_id", "url"]).agg(
        sku=known.sku.max(), title=known.title.max(), price_minor=known.price_minor.max(), at=known.event_at.max()
    )
    order = ibis.window(group_by=last.person_id, order_by=[last["at"].desc(), last.url])
    return shaped(last, place=ibis.row_number().over(order))


RULE = GoodsRule("bought", options, keeps_bought=True, needs_stock=False)
