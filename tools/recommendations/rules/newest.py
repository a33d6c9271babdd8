"""`newest`: what came into a person's own category last; nobody without an interest is shown it (S2-40, S1-44)."""

import ibis.expr.types as ir

from tools.recommendations.ranking import best_of_category
from tools.recommendations.rule import GoodsRule, Query


def options(query: Query) -> ir.Table:
    """Give the newest pages of the category each person is about."""
    return best_of_category(query, query.on_sale, "new_at")


RULE = GoodsRule("newest", options, is_of_interest=True)
