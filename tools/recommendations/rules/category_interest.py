"""`category_interest`: bestsellers of the category a person explores, or looked at or bought last (S2-20, S2-47)."""

import ibis.expr.types as ir

from tools.recommendations.ranking import best_of_category
from tools.recommendations.rule import GoodsRule, Query


def options(query: Query) -> ir.Table:
    """Give the pages of the category each person is about by units sold within 60 days."""
    return best_of_category(query, query.on_sale, "n_units")


RULE = GoodsRule("category_interest", options, is_of_interest=True)
