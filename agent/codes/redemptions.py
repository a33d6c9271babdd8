"""Redemptions: orders that show a code which somebody was given, who used it, and what it cost.

Worked out from facts each time and stored nowhere: a cancelled order redeems nothing, and a late import adds its own.
"""

from datetime import datetime

import ibis
import pyarrow as pa

from memory.domain.market import Shop
from memory.domain.offer import Discount, Offer, StoreCredit
from memory.lake.view import LakeView
from tools.exchange import with_shop_currency
from tools.profile.purchases import is_purchase

REDEMPTIONS_SCHEMA = pa.schema(
    [
        ("grant_id", pa.string()),
        ("plan_id", pa.string()),
        ("offer_id", pa.string()),
        ("person_id", pa.string()),
        ("order_ref", pa.string()),
        ("redeemed_at", pa.timestamp("us", "UTC")),
        ("buyer_id", pa.string()),
        ("is_other", pa.bool_()),
        ("use_no", pa.int64()),
        ("cost_minor", pa.int64()),
    ]
)
"""One row per order and grant: whose code it is, who ordered, whether that is somebody else, which use of the code it
is (from 1 on), and the cost in the shop's currency."""
_COSTS_SCHEMA = pa.schema(
    [("of_plan", pa.string()), ("of_offer", pa.string()), ("takes_off", pa.bool_()), ("use_minor", pa.int64())]
)


def redemptions(
    view: LakeView, shop: Shop, grants: pa.Table, offers: list[tuple[str, Offer]], as_of: datetime
) -> pa.Table:
    """Give the valid orders that show a code of `grants` (`GRANTS_SCHEMA`), by instant and order.

    An order that names nobody is not called somebody else's.
    """
    if not grants.num_rows:
        return REDEMPTIONS_SCHEMA.empty_table()
    costs = [
        {
            "of_plan": plan_id,
            "of_offer": offer.id,
            "takes_off": isinstance(offer.incentive, StoreCredit | Discount),
            "use_minor": offer.cost_per_use.amount_minor,
        }
        for plan_id, offer in offers
    ]
    held = view.present(view.memory_table("code_grants", grants))
    priced = view.memory_table("code_costs", pa.Table.from_pylist(costs, _COSTS_SCHEMA))
    held = held.join(priced, (held.plan_id == priced.of_plan) & (held.offer_id == priced.of_offer))
    held = held.rename(owner_id="person_id", grant_code="code")
    orders = view.table("orders")
    orders = orders.filter(
        orders.shop_id == shop.shop_id, orders.discount_code.notnull(), orders.event_at <= ibis.literal(as_of),
        is_purchase(orders),
    )  # fmt: skip
    orders = orders.mutate(shown_code=orders.discount_code.upper().re_replace("[^A-Z0-9]", ""))
    orders = orders.semi_join(held, orders.shown_code == held.grant_code)
    orders = with_shop_currency(orders, view, shop, {"discounted_minor": orders.discount_minor})
    both = orders.join(held, orders.shown_code == held.grant_code)
    is_other = both.person_id.notnull() & (both.person_id != both.owner_id)
    place = ibis.row_number().over(ibis.window(group_by=both.grant_id, order_by=[both.event_at, both.order_ref]))
    found = both.select(
        "grant_id", "plan_id", "offer_id", "order_ref",
        person_id="owner_id",
        redeemed_at="event_at",
        buyer_id="person_id",
        is_other=is_other.fill_null(False),
        use_no=(place + 1).cast("int64"),
        cost_minor=ibis.ifelse(both.takes_off, both.discounted_minor, both.use_minor).cast("int64"),
    )  # fmt: skip
    ordered = found.to_pyarrow().sort_by([("redeemed_at", "ascending"), ("order_ref", "ascending")])
    return ordered.select(REDEMPTIONS_SCHEMA.names).cast(REDEMPTIONS_SCHEMA)
