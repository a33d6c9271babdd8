"""What members' orders earned, one lot of points per order, and what is left of each lot after refunds."""

from collections.abc import Sequence
from datetime import datetime

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.facts import INSTANT
from memory.domain.loyalty import FULL_PERCENT
from memory.domain.market import Shop
from memory.lake.view import LakeView

from .members import memberships
from .programmes import Term
from .standing import with_percent

RATES_SCHEMA = pa.schema(
    [
        ("earn_currency", pa.string()),
        ("term_no", pa.int64()),
        ("starts_at", INSTANT),
        ("ends_at", INSTANT),
        ("points_per", pa.int64()),
        ("per_minor", pa.int64()),
        ("valid_days", pa.int64()),
    ]
)


def member_orders(view: LakeView, shop: Shop, as_of: datetime) -> ir.Table:
    """Give the paid orders that people placed while they were members, cancelled ones too."""
    orders, spans = view.table("orders"), memberships(view, shop, as_of)
    orders = orders.filter(
        orders.shop_id == shop.shop_id,
        orders.person_id.notnull(),
        orders.is_paid,
        orders.event_at <= ibis.literal(as_of),
    )
    inside = orders.inner_join(
        spans,
        [
            orders.person_id == spans.member_id,
            orders.event_at >= spans.joined_at,
            spans.left_at.isnull() | (orders.event_at < spans.left_at),
        ],
    )
    return inside.select(*orders.columns)


def order_lots(view: LakeView, shop: Shop, terms: Sequence[Term], as_of: datetime) -> ir.Table:
    """Give a lot per order that earned: lot_id, person_id, at, gross, net, taken_at, expires_at, source.

    `gross` are the points of the goods after discounts, `net` those of what refunds left of them, 0 for a cancelled
    order: half of an order back takes its half of the points back. `taken_at` is when we heard of the refund.
    """
    orders, rates = member_orders(view, shop, as_of), view.memory_table("earn_rates", _rates(terms))
    rated = orders.inner_join(
        rates,
        [orders.currency == rates.earn_currency, orders.event_at >= rates.starts_at, orders.event_at < rates.ends_at],
    )
    rated = rated.select(
        "fact_id", "person_id", "event_at", "arrived_at", "subtotal_minor", "refunded_minor", "is_cancelled",
        "term_no", "points_per", "per_minor", "valid_days",
    )  # fmt: skip
    rated = with_percent(rated, view, shop, terms, as_of)
    left = rated.is_cancelled.ifelse(0, rated.subtotal_minor - rated.refunded_minor)
    gross, net = (_points(rated, amount) for amount in (rated.subtotal_minor, left))
    heard = ibis.least(ibis.greatest(rated.arrived_at, rated.event_at), ibis.literal(as_of, "timestamp('UTC')"))
    lots = rated.select(
        "person_id",
        lot_id="fact_id",
        at="event_at",
        gross=gross,
        net=ibis.least(net, gross),
        taken_at=heard,
        expires_at=rated.event_at + rated.valid_days * ibis.interval(days=1),
        source=ibis.literal("order"),
    )
    return lots.filter(lots.gross > 0)


def n_without_rate(view: LakeView, shop: Shop, terms: Sequence[Term], as_of: datetime) -> int:
    """Count members' orders since the first programme that earn nothing because their currency has no rate."""
    if not terms:
        return 0
    orders, rates = member_orders(view, shop, as_of), view.memory_table("earn_rates", _rates(terms))
    orders = orders.filter(orders.event_at >= ibis.literal(terms[0].starts_at))
    lost = orders.anti_join(
        rates,
        [orders.currency == rates.earn_currency, orders.event_at >= rates.starts_at, orders.event_at < rates.ends_at],
    )
    return int(lost.count().to_pyarrow().as_py())


def _points(rated: ir.Table, amount: ir.IntegerValue) -> ir.IntegerValue:
    """Give whole points, rounded down once over the whole sum."""
    spent = ibis.greatest(amount, 0)
    return (spent * rated.points_per * rated.percent // (rated.per_minor * FULL_PERCENT)).cast("int64")


def _rates(terms: Sequence[Term]) -> pa.Table:
    rows = [
        {
            "earn_currency": rate.currency,
            "term_no": term.number,
            "starts_at": term.starts_at,
            "ends_at": term.ends_at,
            "points_per": rate.points,
            "per_minor": rate.per_minor,
            "valid_days": term.programme.valid_days,
        }
        for term in terms
        for rate in term.programme.earn
    ]
    return pa.Table.from_pylist(rows, RATES_SCHEMA)
