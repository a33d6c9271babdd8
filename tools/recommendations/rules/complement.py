"""`complement`: what is bought together with what a person bought and kept, with its evidence (S1-26, S1-42, S2-49).

What the person bought or sent back is never shown, and what was sent back is no reason for showing anything.
"""

import ibis
import ibis.expr.types as ir

from tools.recommendations.pairs import WINDOW, partners
from tools.recommendations.rule import GoodsRule, Query, shaped


def options(query: Query) -> ir.Table:
    """Give the partners of everything bought within a year for oneself, by confidence; ties by article."""
    mine = query.bought
    mine = mine.filter(~mine.is_gift, mine.event_at > ibis.literal(query.as_of - WINDOW))
    anchors = mine.select("person_id", "sku").distinct().anti_join(query.returned, ["person_id", "sku"])
    return of_anchors(query, anchors)


def of_anchors(query: Query, anchors: ir.Table) -> ir.Table:
    """Give the partners of (person_id, sku) that can be bought now, each on its page."""
    found = partners(anchors, query.pairs)
    pages = query.pages
    on_pages = found.inner_join(pages, found.other == pages.page_sku)
    return shaped(on_pages.inner_join(query.on_sale, "url"))


RULE = GoodsRule("complement", options)
