"""What the goods rules look at: pages on sale, what people bought, sent back and looked at, and their category.

Several variants of an article share a page; a page is shown with the variant of which most is left. A shop without
stock figures has nothing on sale here: nobody knows what it could still deliver.
"""

from datetime import UTC, datetime, timedelta

import ibis
import ibis.expr.types as ir

from memory.domain.market import Shop
from memory.lake.view import LakeView
from tools.facts import newest_per_sku
from tools.profile.intent import explored
from tools.profile.purchases import is_purchase, valid_lines, with_category

from .links import owners_only

INTEREST = timedelta(days=60)
LAST_ZONE = timedelta(hours=12)
"""So much later than in UTC a day begins where it begins last (UTC-12)."""


def on_sale(view: LakeView, shop: Shop, as_of: datetime, ceiling_minor: int | None = None) -> ir.Table:
    """Give the pages anybody can buy from now: url, sku, title, category, price_minor, n_units sold lately, new_at.

    What is sold to owners of another article only is left out.
    """
    products = paged(view)
    products = products.filter(
        products.is_active,
        ~products.is_gift_card,
        products.category.notnull(),
        products.currency == shop.currency,
        is_released(products, as_of),
    )
    products = products.anti_join(owners_only(view), "sku")
    if ceiling_minor is not None:
        products = products.filter(products.price_minor <= ceiling_minor)
    stock = view.table("stock")
    last = newest_per_sku(stock.filter(stock.event_at <= ibis.literal(as_of)), "quantity")
    products = products.inner_join(last.filter(last.quantity > 0), products.sku == last.sku_of)
    lines = view.table("order_lines")
    lines = lines.filter(lines.event_at <= ibis.literal(as_of), lines.event_at > ibis.literal(as_of - INTEREST))
    sold = lines.group_by("sku").agg(n_units=lines.quantity.sum())
    known = products.left_join(sold, "sku").drop("sku_right")
    variant = ibis.struct({"quantity": known.quantity, "sku": known.sku, "price_minor": known.price_minor})
    pages = known.group_by("url").agg(
        title=known.title.max(),
        category=known.category.max(),
        n_units=ibis.coalesce(known.n_units.sum().cast("int64"), 0),
        new_at=known.event_at.max(),
        variant=variant.max(),
    )
    return pages.mutate(sku=pages.variant["sku"], price_minor=pages.variant["price_minor"]).drop("variant")


def is_released(products: ir.Table, as_of: datetime) -> ir.BooleanValue:
    """Say which products everybody may buy: their `unreleased_until` has begun wherever a customer may live (S1-36)."""
    begun = (as_of.astimezone(UTC) - LAST_ZONE).date()
    return products.unreleased_until.isnull() | (products.unreleased_until <= ibis.literal(begun))


def paged(view: LakeView) -> ir.Table:
    """Give the products that have a page of their own."""
    products = view.table("products")
    return products.filter(products.url.notnull())


def pages_of(view: LakeView) -> ir.Table:
    """Give (page_sku, url): the page of each article."""
    products = paged(view)
    return products.group_by(page_sku=products.sku).agg(url=products.url.max())


def looked(view: LakeView, as_of: datetime) -> ir.Table:
    """Give (person_id, sku, category, event_at) of views, carts and checkouts by people."""
    events = view.table("events")
    kinds = events.kind.isin(("view", "cart", "checkout"))
    acts = events.filter(kinds, ~events.is_machine, events.person_id.notnull(), events.event_at <= ibis.literal(as_of))
    return with_category(acts, view).select("person_id", "sku", "category", "event_at")


def bought(view: LakeView, as_of: datetime) -> ir.Table:
    """Give the purchases line by line: person_id, sku, category, quantity, event_at, order_fact_id, is_gift."""
    return valid_lines(view, as_of).select(
        "person_id", "sku", "category", "quantity", "event_at", "order_fact_id", "is_gift"
    )


def returned(view: LakeView, as_of: datetime) -> ir.Table:
    """Give (person_id, sku) of what was sent back: named by the return, or the whole order where it names none.

    The lines of an order that was refunded in full count as sent back too.
    """
    events, orders, lines = view.table("events"), view.table("orders"), view.table("order_lines")
    back = events.filter(events.kind == "return", events.person_id.notnull(), events.event_at <= ibis.literal(as_of))
    named = back.filter(back.sku.notnull()).select("person_id", "sku")
    whole = back.filter(back.sku.isnull(), back.order_ref.notnull()).select(ref="order_ref", shop="shop_id")
    of_returns = orders.semi_join(whole, [orders.order_ref == whole.ref, orders.shop_id == whole.shop])
    refunded = orders.filter(orders.is_paid, ~orders.is_cancelled, ~is_purchase(orders))
    void = of_returns.select(void="fact_id").union(refunded.select(void="fact_id"))
    of_orders = lines.filter(lines.person_id.notnull()).semi_join(void, lines.order_fact_id == void.void)
    return named.union(of_orders.select("person_id", "sku")).distinct()


def interests(view: LakeView, as_of: datetime) -> ir.Table:
    """Give (person_id, category): what a person explores most, else looked at or bought last within 60 days."""
    found = explored(view, as_of)
    best = ibis.struct({"n": found.n_interactions, "at": found.last_at, "category": found.category})
    most = found.group_by("person_id").agg(best=best.max())
    explorers = most.select("person_id", category=most.best["category"])
    seen = looked(view, as_of).select("person_id", "category", "event_at")
    acts = seen.union(bought(view, as_of).select("person_id", "category", "event_at"))
    acts = acts.filter(acts.category.notnull(), acts.event_at > ibis.literal(as_of - INTEREST))
    last = acts.group_by("person_id").agg(last=ibis.struct({"at": acts.event_at, "category": acts.category}).max())
    others = last.select("person_id", category=last.last["category"]).anti_join(explorers, "person_id")
    return explorers.union(others)


def last_viewed(view: LakeView, as_of: datetime, *, of_interest: bool = False) -> ir.Table:
    """Give (person_id, last_viewed): the page of the article each person looked at last, where it is still sold.

    `of_interest` keeps to the category the person is about.
    """
    products = paged(view)
    pages = products.filter(products.is_active).group_by("sku").agg(url=products.url.max())
    seen = looked(view, as_of)
    if of_interest:
        seen = seen.semi_join(interests(view, as_of), ["person_id", "category"])
    seen = seen.inner_join(pages, "sku")
    last = seen.group_by("person_id").agg(last=ibis.struct({"at": seen.event_at, "url": seen.url}).max())
    return last.select("person_id", last_viewed=last.last["url"])
