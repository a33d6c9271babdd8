"""`upgrade`: the next model of what a person has owned long enough, where they do not own it already (S1-27)."""

from datetime import timedelta

import ibis
import ibis.expr.types as ir

from tools.recommendations.links import upgrades
from tools.recommendations.rule import GoodsRule, Query, shaped

DAY_SECONDS = int(timedelta(days=1).total_seconds())


def options(query: Query) -> ir.Table:
    """Give the next model of what was bought first at least `min_days` ago and kept, what is owned longest first.

    Presents do not count: the person may never have held them. An owner of the next model, whenever they bought it,
    is offered nothing of that edge.
    """
    mine, edges = query.bought, upgrades(query.view)
    own = mine.filter(~mine.is_gift).anti_join(query.returned, ["person_id", "sku"])
    held = own.group_by(["person_id", "sku"]).agg(since=own.event_at.min())
    found = held.inner_join(edges, held.sku == edges.from_sku)
    owned_seconds = ibis.literal(int(query.as_of.timestamp())) - found.since.epoch_seconds()
    due = found.filter(owned_seconds >= found.min_days * DAY_SECONDS).select("person_id", "to_sku", "since")
    has_it = mine.select("person_id", to_sku=mine.sku).distinct()
    due = due.anti_join(has_it, ["person_id", "to_sku"])
    placed = due.inner_join(query.pages, due.to_sku == query.pages.page_sku).inner_join(query.on_sale, "url")
    order = ibis.window(group_by=placed.person_id, order_by=[placed.since, placed.url])
    return shaped(placed, place=ibis.row_number().over(order))


RULE = GoodsRule("upgrade", options)
