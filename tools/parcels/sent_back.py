"""Orders that nobody is asked about: everything in them went back, or nobody says what did (S1-17)."""

from datetime import datetime

import ibis
import ibis.expr.types as ir

from memory.domain.market import Shop
from memory.lake.view import LakeView


def without_sent_back(rows: ir.Table, view: LakeView, shop: Shop, as_of: datetime) -> ir.Table:
    """Keep the rows of `parcels` that still hold a line which was neither returned nor refunded.

    A return that names an article takes out that article alone; a return or a part refund that names none may be any
    line, so it takes out the whole order.
    """
    events = view.table("events")
    back = events.filter(
        events.shop_id == shop.shop_id, events.kind == "return", events.event_at <= ibis.literal(as_of)
    )
    named = back.filter(back.order_ref.notnull(), back.sku.notnull()).select(ref="order_ref", back_sku="sku").distinct()
    unnamed = back.filter(back.order_ref.notnull(), back.sku.isnull()).select(ref="order_ref").distinct()
    loose = back.filter(back.order_ref.isnull(), back.person_id.notnull()).select("event_at", who="person_id")
    gone = rows.inner_join(loose, [rows.person_id == loose.who, loose.event_at >= rows.ordered_at])
    refunded = rows.filter(rows.refunded_minor > 0).anti_join(named, rows.order_ref == named.ref)
    lines = view.table("order_lines")
    held = lines.select("sku", of_order="order_fact_id")
    mine = rows.inner_join(held, rows.order_fact_id == held.of_order)
    left = mine.anti_join(named, [mine.order_ref == named.ref, mine.sku == named.back_sku])
    touched = rows.semi_join(named, rows.order_ref == named.ref)
    empty = touched.anti_join(left.select("order_fact_id").distinct(), "order_fact_id")
    out = ibis.union(
        *(
            each.select("order_fact_id")
            for each in (rows.semi_join(unnamed, rows.order_ref == unnamed.ref), gone, refunded, empty)
        ),
        distinct=True,
    )
    return rows.anti_join(out, "order_fact_id")
