"""`replenish`: what runs out about now, from the average consumption cycle and the quantity bought (S1-28, S2-48)."""

import ibis
import ibis.expr.types as ir

from tools.recommendations.cycles import run_outs
from tools.recommendations.rule import GoodsRule, Query, shaped


def options(query: Query) -> ir.Table:
    """Give what a person bought whose reminder day has come and whose interval is not over, soonest first."""
    found = run_outs(query.view, query.people, query.as_of, query.cycles)
    now = int(query.as_of.timestamp())
    due = found.filter(found.remind_at.epoch_seconds() <= now, found.high_at.epoch_seconds() >= now)
    due = due.anti_join(query.returned, ["person_id", "sku"]).rename(held_sku="sku")
    pages = query.pages
    on_pages = due.inner_join(pages, due.held_sku == pages.page_sku).drop("page_sku")
    known = on_pages.inner_join(query.on_sale, "url")
    order = ibis.window(group_by=known.person_id, order_by=[known.runs_out_at, known.url])
    days = {
        f"runs_out_{name}": known[column].strftime("%Y-%m-%d")
        for name, column in (("on", "runs_out_at"), ("from", "low_at"), ("until", "high_at"))
    }
    return shaped(known, place=ibis.row_number().over(order), **days)


RULE = GoodsRule("replenish", options, keeps_bought=True)
