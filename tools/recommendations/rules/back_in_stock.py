"""`back_in_stock`: an article a person followed, did not buy, that was sold out and came back since (S2-21, S2-50)."""

import ibis
import ibis.expr.types as ir

from tools.recommendations.history import returns
from tools.recommendations.notices import buyable, followed
from tools.recommendations.rule import GoodsRule, Query, shaped
from tools.recommendations.shelf import INTEREST


def options(query: Query) -> ir.Table:
    """Give articles that came back after the person last looked, the latest return first; ties by article."""
    looks, back, here = followed(query), returns(query.view, query.as_of), buyable(query)
    back = back.filter(back.returned_at > ibis.literal(query.as_of - INTEREST))
    since = looks.inner_join(back, [looks.sku == back.back_sku, looks.event_at < back.returned_at])
    known = since.inner_join(here, since.sku == here.stock_sku)
    order = ibis.window(group_by=known.person_id, order_by=[known.returned_at.desc(), known.sku])
    return shaped(known, place=ibis.row_number().over(order))


RULE = GoodsRule("back_in_stock", options, is_notice=True)
