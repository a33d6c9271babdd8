"""`under_price`: bestsellers below the step's ceiling, the person's own category first (S2-56)."""

import ibis.expr.types as ir

from tools.recommendations.ranking import best_of_category
from tools.recommendations.rule import GoodsRule, Query


def options(query: Query) -> ir.Table:
    """Give pages below the ceiling by units sold, filled up from the whole shop."""
    return best_of_category(query, query.on_sale, "n_units", whole_shop=True)


RULE = GoodsRule("under_price", options)
