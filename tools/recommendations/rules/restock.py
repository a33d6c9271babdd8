"""`restock`: what was sold out and is there again since at most 60 days, the person's own category first (S2-56)."""

import ibis
import ibis.expr.types as ir

from tools.recommendations import history
from tools.recommendations.ranking import best_of_category
from tools.recommendations.rule import GoodsRule, Query
from tools.recommendations.shelf import INTEREST


def options(query: Query) -> ir.Table:
    """Give pages whose article came back, the latest first, filled up from the whole shop."""
    back = history.returns(query.view, query.as_of)
    back = back.filter(back.returned_at > ibis.literal(query.as_of - INTEREST))
    pages = query.on_sale.inner_join(back, query.on_sale.sku == back.back_sku)
    return best_of_category(query, pages, "returned_at", whole_shop=True)


RULE = GoodsRule("restock", options)
