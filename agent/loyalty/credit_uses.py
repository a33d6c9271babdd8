"""What was used of a credit: at the till, or on an order that carries the offer's code; one answer for both readers."""

from collections.abc import Iterable

import ibis.expr.types as ir

from memory.domain.market import Shop
from memory.domain.offer import Offer
from memory.lake.view import LakeView
from memory.store.unit_of_work import UnitOfWork
from tools.outcomes.redeemed import code_of


def credit_uses(
    view: LakeView, uow: UnitOfWork, shop: Shop, plan_id: str, offer: Offer, records: Iterable[str] | None = None
) -> ir.Table:
    """Give every use of a credit: person_id, use_id; of some records only where they are given.

    A till that gives its request the order's name uses it once, also where the order carries the code as well. Whom
    the credit was never given is in here, too.
    """
    name = f"credit_uses_{plan_id[:12]}_{code_of(offer.id)}"
    till = view.memory_table(name, uow.credits.uses(shop.shop_id, plan_id, offer.id, records))
    at_till = view.present(till.select("person_id", use_id="request_id"))
    return at_till.union(_by_code(view, shop, offer)).distinct()


def _by_code(view: LakeView, shop: Shop, offer: Offer) -> ir.Table:
    """Give the orders that carry an offer's code: person_id, use_id; cancelled ones used nothing."""
    orders = view.table("orders")
    shown = orders.discount_code.upper().re_replace("[^A-Z0-9]", "")
    ours = orders.filter(
        orders.shop_id == shop.shop_id, orders.person_id.notnull(), ~orders.is_cancelled, shown == code_of(offer.id)
    )
    return ours.select("person_id", use_id="order_ref")
