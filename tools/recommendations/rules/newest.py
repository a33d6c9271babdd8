"""`newest`: what the catalogue dates as new, in a person's own category; nobody else is shown it (S2-40, S1-44)."""

from datetime import timedelta

import ibis
import ibis.expr.types as ir

from tools.recommendations.ranking import best_of_category
from tools.recommendations.rule import GoodsRule, Query

NEW_FOR = timedelta(days=90)
"""How long an article is new. One without a date in the catalogue (some exports carry none) never is."""


def options(query: Query) -> ir.Table:
    """Give the pages that are new, the newest first, of the category each person is about."""
    fresh = query.on_sale.filter(query.on_sale.new_at > ibis.literal(query.as_of - NEW_FOR))
    return best_of_category(query, fresh, "new_at")


RULE = GoodsRule("newest", options, is_of_interest=True)
