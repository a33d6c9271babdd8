"""`pairing`: what is bought together with the articles a person only looked at: the pairing guide of S2-20."""

import ibis
import ibis.expr.types as ir

from tools.recommendations.rule import GoodsRule, Query
from tools.recommendations.shelf import INTEREST

from .complement import of_anchors


def options(query: Query) -> ir.Table:
    """Give the partners of what was viewed or put in a cart within 60 days in the category a person is about."""
    seen = query.looked
    seen = seen.filter(seen.sku.notnull(), seen.event_at > ibis.literal(query.as_of - INTEREST))
    own = seen.semi_join(query.interest, ["person_id", "category"])
    anchors = own.select("person_id", "sku").distinct().anti_join(query.returned, ["person_id", "sku"])
    return of_anchors(query, anchors)


RULE = GoodsRule("pairing", options, is_of_interest=True)
