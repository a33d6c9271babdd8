"""Intent: which category a person explores, whether a cart was left behind, and the one state that follows (S2-20..22).

A person is in at most one state. A cart left behind wins: whoever chose an article is past looking around.
"""

from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir

from memory.lake.view import LakeView

from .purchases import valid_lines, valid_orders, with_category

INTERACTIONS = ("view", "cart", "checkout", "mail_click")
"""What counts as interest in a category; the same events as in the category explorer of S2-13."""
MIN_INTERACTIONS = 5
CART_WINDOW = timedelta(days=30)
KEYS = ("shop_id", "person_id")


def intent_states(view: LakeView, as_of: datetime) -> ir.Table:
    """Give (shop_id, person_id, state) of everyone in a state: `explore` or `abandon`."""
    left = open_carts(view, as_of).mutate(state=ibis.literal("abandon"))
    looking = explored(view, as_of).select(*KEYS).distinct().anti_join(left, list(KEYS))
    return left.select(*KEYS, "state").union(looking.mutate(state=ibis.literal("explore")))


def known_states(view: LakeView, as_of: datetime) -> ir.Table:
    """Give `intent_states`, worked out once per view and instant."""
    return view.once("intent_states", lambda: intent_states(view, as_of), as_of)


def explored(view: LakeView, as_of: datetime) -> ir.Table:
    """Give (shop_id, person_id, category, n_interactions, last_at) of every category a person explores (S2-13).

    At least `MIN_INTERACTIONS` views, carts, checkouts or clicks by a human in it, and no purchase in it ever.
    """
    acts = with_category(_acts(view, INTERACTIONS, as_of), view)
    acts = acts.filter(acts.category.notnull())
    counted = acts.group_by([*KEYS, "category"]).agg(n_interactions=acts.count(), last_at=acts.event_at.max())
    bought = valid_lines(view, as_of).select(*KEYS, "category").distinct()
    return counted.filter(counted.n_interactions >= MIN_INTERACTIONS).anti_join(bought, [*KEYS, "category"])


def open_carts(view: LakeView, as_of: datetime) -> ir.Table:
    """Give (shop_id, person_id, cart_at) of people whose last cart of 30 days no order followed."""
    carts = _acts(view, ("cart", "checkout"), as_of)
    carts = carts.filter(carts.event_at > ibis.literal(as_of - CART_WINDOW))
    last = carts.group_by(list(KEYS)).agg(cart_at=carts.event_at.max())
    orders = valid_orders(view, as_of)
    ordered = orders.group_by(of_shop=orders.shop_id, of_person=orders.person_id).agg(ordered_at=orders.event_at.max())
    both = last.left_join(ordered, [last.shop_id == ordered.of_shop, last.person_id == ordered.of_person])
    is_open = ibis.coalesce(both.ordered_at < both.cart_at, ibis.literal(True))
    return both.filter(is_open).select(*KEYS, "cart_at")


def _acts(view: LakeView, kinds: tuple[str, ...], as_of: datetime) -> ir.Table:
    events = view.table("events")
    return events.filter(
        events.kind.isin(kinds), ~events.is_machine, events.person_id.notnull(), events.event_at <= ibis.literal(as_of)
    )
