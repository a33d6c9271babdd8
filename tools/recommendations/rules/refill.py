"""`refill`: refills and bundles sold to owners only, for people who bought and kept a component (S1-43)."""

import ibis
import ibis.expr.types as ir

from tools.recommendations.links import for_owners
from tools.recommendations.notices import buyable
from tools.recommendations.rule import GoodsRule, Query, shaped


def options(query: Query) -> ir.Table:
    """Give what a person's purchases entitle them to, the component bought last first; presents do not count."""
    mine, links = query.bought, for_owners(query.view)
    own = mine.filter(~mine.is_gift).anti_join(query.returned, ["person_id", "sku"])
    found = own.inner_join(links, own.sku == links.component)
    last = found.group_by(["person_id", "owners_sku"]).agg(at=found.event_at.max())
    here = buyable(query, by_owners=True)
    known = last.inner_join(here, last.owners_sku == here.stock_sku)
    order = ibis.window(group_by=known.person_id, order_by=[known["at"].desc(), known.owners_sku])
    return shaped(known, place=ibis.row_number().over(order), sku=known.owners_sku)


RULE = GoodsRule("refill", options, keeps_bought=True)
