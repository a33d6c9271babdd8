"""What the catalogue said when: prices as they were known at an instant, and the day sold-out goods came back.

Every revision of a fact stays in the lake; here alone they are read as a history. A change counts from the instant
it arrived, because exports seldom say when a price or a stock figure changed.
"""

from datetime import datetime

import ibis
import ibis.expr.types as ir

from memory.lake.view import LakeView


def prices(view: LakeView, as_of: datetime) -> ir.Table:
    """Give (priced_sku, price_minor, currency, known_at, revision) of everything the catalogue said up to `as_of`."""
    rows = view.raw("products")
    rows = rows.filter(rows.arrived_at <= ibis.literal(as_of))
    return rows.select("price_minor", "currency", "revision", priced_sku=rows.sku, known_at=rows.arrived_at)


def price_at(looks: ir.Table, view: LakeView, as_of: datetime) -> ir.Table:
    """Add `was_minor` and `was_currency` to (person_id, sku, event_at): the price known at the look; none, no row."""
    history = prices(view, as_of)
    known = looks.inner_join(history, [looks.sku == history.priced_sku, looks.event_at >= history.known_at])
    newest = ibis.struct(
        {"at": known.known_at, "revision": known.revision, "price": known.price_minor, "currency": known.currency}
    )
    last = known.group_by(["person_id", "sku", "event_at"]).agg(last=newest.max())
    return last.mutate(was_minor=last.last["price"], was_currency=last.last["currency"]).drop("last")


def returns(view: LakeView, as_of: datetime) -> ir.Table:
    """Give (back_sku, returned_at): when each article that had been sold out was last known to be there again."""
    rows = view.raw("stock")
    rows = rows.filter(rows.arrived_at <= ibis.literal(as_of), rows.event_at <= ibis.literal(as_of))
    order = [rows.arrived_at, rows.event_at, rows.revision, rows.fact_id]
    before = rows.quantity.lag().over(ibis.window(group_by=[rows.shop_id, rows.sku], order_by=order))
    steps = rows.mutate(before=before)
    back = steps.filter(steps.quantity > 0, steps.before <= 0)
    return back.group_by(back_sku=back.sku).agg(returned_at=back.arrived_at.max())
