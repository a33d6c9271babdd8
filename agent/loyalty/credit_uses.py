"""What was used of a credit: at the till, or on an order that carries the offer's code; one answer for both readers."""

from collections.abc import Collection
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir
import pyarrow.compute as pc

from memory.domain.market import Shop
from memory.domain.offer import Offer, StoreCredit
from memory.lake.view import LakeView
from memory.store.unit_of_work import UnitOfWork
from tools.offers.earned.window import inside, window_of
from tools.outcomes.redeemed import code_of


def window(offer: Offer, credit: StoreCredit) -> tuple[date, date]:
    """Give the first and the last day on which a credit can be used."""
    limits = offer.limits
    return max(credit.redeemable_from or limits.valid_from, limits.valid_from), limits.valid_until


def credit_uses(
    view: LakeView,
    uow: UnitOfWork,
    shop: Shop,
    plan_id: str,
    offer: Offer,
    credit: StoreCredit,
    as_of: datetime,
    records: Collection[str] | None = None,
) -> ir.Table:
    """Give every use of a credit, by orders up to an instant: person_id, use_id; of some records only where given.

    A till that gives its request the order's name uses it once, also where the order carries the code as well; what it
    used of another plan's offer of the same name is no use of this one. Whom the credit was never given is in here,
    too.
    """
    name = f"{plan_id[:12]}_{code_of(offer.id)}"
    till = view.memory_table(f"credit_uses_{name}", uow.credits.uses(shop.shop_id, plan_id, offer.id, records))
    at_till = view.present(till.select("person_id", use_id="request_id"))
    elsewhere = uow.credits.used_in_other_plans(shop.shop_id, plan_id, offer.id, records)
    others = view.memory_table(f"other_credit_{name}", elsewhere)
    granted = uow.codes.table(shop.shop_id, [plan_id])
    granted = granted.filter(pc.equal(granted["offer_id"], offer.id))
    given = view.memory_table(f"credit_codes_{name}", granted.select(["code"]).rename_columns(["given_code"]))
    by_code = _by_code(view, shop, offer, credit, as_of, given)
    by_code = by_code.anti_join(others, by_code.use_id == others.request_id)
    return at_till.union(by_code).distinct()


def _by_code(
    view: LakeView, shop: Shop, offer: Offer, credit: StoreCredit, as_of: datetime, given: ir.Table
) -> ir.Table:
    """Give the paid orders of a credit's days that carry its code, or one that a person was `given`.

    Columns: person_id, use_id; cancelled ones used nothing.

    Plans name their offers alike: an order outside the days used the credit of another plan, or none.
    """
    orders, days = view.table("orders"), window_of(offer, shop)
    opens_at = datetime.combine(window(offer, credit)[0], time(), ZoneInfo(shop.zone))
    shown = orders.discount_code.upper().re_replace("[^A-Z0-9]", "")
    ours = orders.filter(
        orders.shop_id == shop.shop_id, orders.person_id.notnull(), orders.is_paid, ~orders.is_cancelled,
        orders.event_at >= ibis.literal(opens_at), inside(orders.event_at, days, as_of),
        (shown == code_of(offer.id)) | shown.isin(given.given_code),
    )  # fmt: skip
    return ours.select("person_id", use_id="order_ref")
