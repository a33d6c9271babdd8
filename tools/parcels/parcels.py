"""Every order's parcel: when it set out, by whom, and when it arrived, as far as anybody said."""

from datetime import datetime

import ibis
import ibis.expr.types as ir

from memory.domain.market import Shop
from memory.lake.view import LakeView
from tools.profile.purchases import valid_orders

LONGEST_DAYS = 60
"""A delivery that names no order belongs to the person's orders of so many days before it."""


def parcels(view: LakeView, shop: Shop, as_of: datetime) -> ir.Table:
    """Give one row per order of a known person that counts as a purchase, up to `as_of`.

    Columns: order_fact_id, order_ref, person_id, ordered_at, refunded_minor, started_at (handed to the carrier; the
    order's instant where no shipment says so), origin and carrier (empty where unknown), market, arrived_at (the last
    delivery; null before every known shipment of the order that was not cancelled arrived) and known_at (when that was
    heard of).
    """
    orders = valid_orders(view, as_of)
    orders = orders.filter(orders.shop_id == shop.shop_id).select(
        "order_ref",
        "person_id",
        "refunded_minor",
        order_fact_id="fact_id",
        ordered_at="event_at",
        market=ibis.coalesce(orders.market, shop.home_market),
    )
    shipped, named, loose = _shipped(view, shop, as_of), _named(view, shop, as_of), _loose(view, shop, as_of, orders)
    joined = orders.left_join(shipped, orders.order_ref == shipped.shipped_ref)
    joined = joined.left_join(named, joined.order_ref == named.told_ref)
    joined = joined.left_join(loose, joined.order_fact_id == loose.loose_id)
    is_whole = joined.n_told >= ibis.coalesce(joined.n_shipped, 1)
    return joined.select(
        "order_fact_id",
        "order_ref",
        "person_id",
        "ordered_at",
        "refunded_minor",
        "market",
        started_at=ibis.coalesce(joined.shipped_at, joined.ordered_at),
        origin=ibis.coalesce(joined.shipped_from, ""),
        carrier=ibis.coalesce(joined.shipped_by, ""),
        arrived_at=ibis.ifelse(is_whole, joined.told_at, joined.loose_at),
        known_at=ibis.ifelse(is_whole, joined.told_known_at, joined.loose_known_at),
    )


def hears_of_arrivals(view: LakeView, shop: Shop, as_of: datetime) -> bool:
    """Say whether the shop ever heard of a parcel that arrived; where it never did, silence says nothing."""
    return bool(_deliveries(view, shop, as_of).limit(1).count().to_pyarrow().as_py())


def _shipped(view: LakeView, shop: Shop, as_of: datetime) -> ir.Table:
    sent = _shipments(view, shop, as_of)
    sent = sent.filter(~sent.is_cancelled)
    order = sent.event_at.epoch_seconds().cast("string") + sent.fact_id  # of two at one instant always the same
    return sent.group_by(shipped_ref=sent.order_ref).agg(
        shipped_at=sent.event_at.max(),
        shipped_from=sent.origin.argmax(order),
        shipped_by=sent.carrier.argmax(order),
        n_shipped=sent.count(),
    )


def _shipments(view: LakeView, shop: Shop, as_of: datetime) -> ir.Table:
    """Give the shipments; those taken in before anybody said so were not cancelled."""
    sent = view.table("shipments")
    sent = sent.filter(sent.shop_id == shop.shop_id, sent.event_at <= ibis.literal(as_of))
    return sent.mutate(is_cancelled=ibis.coalesce(sent.is_cancelled, False))


def _deliveries(view: LakeView, shop: Shop, as_of: datetime) -> ir.Table:
    events = view.table("events")
    return events.filter(
        events.shop_id == shop.shop_id, events.kind == "delivery", events.event_at <= ibis.literal(as_of)
    )


def _named(view: LakeView, shop: Shop, as_of: datetime) -> ir.Table:
    """Give how many parcels of each order arrived, and when the last did.

    Where deliveries name parcels, those parcels are counted: a second word of one parcel, by whoever carried it, says
    nothing of the others. Where none does, every delivery counts as another parcel.
    """
    told, sent = _deliveries(view, shop, as_of), _shipments(view, shop, as_of)
    told = told.filter(told.order_ref.notnull())
    sent = sent.filter(sent.delivery_fact_id.notnull()).select("delivery_fact_id", is_withdrawn="is_cancelled")
    told = told.left_join(sent, told.fact_id == sent.delivery_fact_id)
    told = told.filter(~ibis.coalesce(told.is_withdrawn, False))
    names_one, known_at = told.delivery_fact_id.notnull(), ibis.greatest(told.event_at, told.arrived_at)
    found = told.group_by(told_ref=told.order_ref).agg(
        named_at=told.event_at.max(where=names_one),
        named_known_at=known_at.max(where=names_one),
        n_named=told.delivery_fact_id.nunique(),
        any_at=told.event_at.max(),
        any_known_at=known_at.max(),
        n_any=told.count(),
    )
    return found.select(
        "told_ref",
        told_at=ibis.coalesce(found.named_at, found.any_at),
        told_known_at=ibis.coalesce(found.named_known_at, found.any_known_at),
        n_told=ibis.ifelse(found.n_named > 0, found.n_named, found.n_any),
    )


def _loose(view: LakeView, shop: Shop, as_of: datetime, orders: ir.Table) -> ir.Table:
    """Give the first delivery after each order among those that name a person and no order."""
    told = _deliveries(view, shop, as_of)
    told = told.filter(told.order_ref.isnull(), told.person_id.notnull()).select(
        "event_at", receiver="person_id", heard_at=ibis.greatest(told.event_at, told.arrived_at)
    )
    mine = orders.select("order_fact_id", "ordered_at", "person_id")
    days = (told.event_at.epoch_seconds() - mine.ordered_at.epoch_seconds()) / 86_400
    both = mine.inner_join(told, [mine.person_id == told.receiver, days >= 0, days < LONGEST_DAYS])
    return both.group_by(loose_id=both.order_fact_id).agg(
        loose_at=both.event_at.min(), loose_known_at=both.heard_at.argmin(both.event_at)
    )
