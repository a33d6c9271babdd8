"""`price_drop`: an article a person followed and did not buy whose price really fell since that look (S2-21, S2-50)."""

import ibis
import ibis.expr.types as ir

from tools.recommendations.history import price_at
from tools.recommendations.notices import buyable, followed
from tools.recommendations.rule import GoodsRule, Query, shaped


def options(query: Query) -> ir.Table:
    """Give articles cheaper now than when the person last looked, the deepest fall first; ties by article.

    Where nobody knows what it cost then, nothing is said.
    """
    looks = price_at(followed(query), query.view, query.as_of)
    here = buyable(query)
    known = looks.inner_join(here, looks.sku == here.stock_sku)
    fell = known.filter(known.was_currency == query.shop.currency, known.price_minor < known.was_minor)
    depth = (fell.was_minor - fell.price_minor) * 1_000_000 // fell.was_minor
    order = ibis.window(group_by=fell.person_id, order_by=[depth.desc(), fell.sku])
    return shaped(fell, place=ibis.row_number().over(order))


RULE = GoodsRule("price_drop", options, is_notice=True)
