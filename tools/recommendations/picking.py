"""Picking: the goods of one step for many people, by the step's rule, in one columnar pass."""

import ibis
import ibis.expr.types as ir

from .registry import rule_of
from .rule import EVIDENCE, Query


def pick(query: Query) -> ir.Table:
    """Give (person_id, n, sku, url, title, price_minor, evidence columns) of what each person is shown, `n` from 0.

    A page is shown once; what a person bought or sent back is left out, unless that is what the rule is about. People
    for whom the rule finds nothing have no row. Ties are broken by address, so the same facts give the same goods.
    """
    rule = rule_of(query.goods.rule)
    options = rule.options(query)
    if not rule.keeps_bought:
        pages = query.pages
        mine = query.bought.select("person_id", "sku").union(query.returned)
        held = mine.inner_join(pages, mine.sku == pages.page_sku).select("person_id", "url").distinct()
        options = options.anti_join(held, ["person_id", "url"])
    columns = ("sku", "title", "price_minor", *EVIDENCE)
    best = options.group_by(["person_id", "url"]).agg(
        best=ibis.struct({"place": -options.place, **{name: options[name] for name in columns}}).max()
    )
    once = best.mutate(place=-best.best["place"], **{name: best.best[name] for name in columns}).drop("best")
    order = ibis.window(group_by=once.person_id, order_by=[once.place, once.url])
    numbered = once.mutate(n=ibis.row_number().over(order))
    return numbered.filter(numbered.n < rule.n_shown).drop("place")
