"""What people's orders were worth when they were placed, and what is left of them."""

from datetime import datetime

import ibis
import ibis.expr.types as ir

from memory.domain.errors import InvalidInput
from memory.domain.market import Shop
from memory.domain.money import Money
from memory.lake.view import LakeView
from tools.exchange import with_shop_currency
from tools.outcomes import OutcomeWindow

from .window import inside


def paid_orders(view: LakeView, shop: Shop, window: OutcomeWindow, as_of: datetime) -> ir.Table:
    """Give the window's paid orders of known people.

    Columns: person_id, event_at, arrived_at, gross_minor, net_minor, is_cancelled.

    Both sums are goods after discounts without tax and shipping, in the shop's currency: `gross_minor` before
    refunds, `net_minor` after them and 0 where the order was cancelled. An order in another currency is converted
    at the latest rate on or before the order's own UTC day, its refunds at the same rate; raise `MissingRate`
    where there is none.
    """
    return view.once("paid_orders", lambda: _paid(view, shop, window, as_of), shop.shop_id, window, as_of)


def _paid(view: LakeView, shop: Shop, window: OutcomeWindow, as_of: datetime) -> ir.Table:
    orders = view.table("orders")
    orders = orders.filter(
        orders.shop_id == shop.shop_id,
        orders.person_id.notnull(),
        orders.is_paid,
        inside(orders.event_at, window, as_of),
    )
    left = orders.is_cancelled.ifelse(0, orders.subtotal_minor - orders.refunded_minor)
    sums = {"gross_minor": orders.subtotal_minor, "net_minor": left}
    priced = with_shop_currency(orders, view, shop, sums)
    return priced.select("person_id", "event_at", "arrived_at", "gross_minor", "net_minor", "is_cancelled")


def reaching(orders: ir.Table, key: str, smallest_minor: int) -> ir.Table:
    """Give per `key` when its orders first reached a sum: `done_at`, `is_kept`, `is_cancelled`, `heard_at`.

    The earliest order whose sum still stands counts; where none stands any more, `is_kept` is false and the
    earliest one that was taken back tells when, and whether it (or another one taken back) was cancelled; `heard_at` is
    when we heard of the last one that was taken back, null where one is kept.
    """
    enough = orders.filter(orders.gross_minor >= smallest_minor)
    kept = enough.net_minor >= smallest_minor
    found = enough.group_by(key).agg(
        first_at=enough.event_at.min(),
        kept_at=enough.event_at.min(where=kept),
        was_cancelled=enough.is_cancelled.any(),
        lost_at=enough.arrived_at.max(where=~kept),
    )
    return found.select(
        key,
        done_at=ibis.coalesce(found.kept_at, found.first_at),
        is_kept=found.kept_at.notnull(),
        is_cancelled=found.was_cancelled & found.kept_at.isnull(),
        heard_at=ibis.ifelse(found.kept_at.isnull(), found.lost_at, ibis.null(found.lost_at.type())),
    )


def in_currency_of(shop: Shop, money: Money, what: str) -> int:
    """Give minor units of the shop's currency; raise `InvalidInput` for an amount in another one."""
    if money.currency != shop.currency:
        raise InvalidInput(
            what=what,
            why=f"it is in {money.currency} and the shop sells in {shop.currency}",
            remedy="Draft the plan again",
        )
    return money.amount_minor
