"""The goods that suit a person and the page the person looked at last (S2-47, S2-56).

Goods are on sale, in stock, priced in the shop's currency and under the step's ceiling; what the person bought already
is left out. A shop without stock figures shows none: nobody knows what it could still deliver.
"""

from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir

from memory.domain.market import Shop
from memory.domain.plan import Goods
from memory.lake.view import LakeView
from tools.facts import newest_per_sku
from tools.profile.purchases import valid_lines, with_category

N_SHOWN = 3
N_KEPT = 8
"""Goods per category that compete, so that enough are left beside what a person bought."""
INTEREST = timedelta(days=60)
NEWEST_FIRST = ("newest", "restock")
WHOLE_SHOP = ("under_price", "restock")
"""Rules that fill up from all categories."""
PICKED = ("newest", "category_interest", *WHOLE_SHOP)
ALL = "*"


def pick(view: LakeView, people: ir.Table, goods: Goods, shop: Shop, as_of: datetime) -> ir.Table:
    """Give per person of `people` (distinct person_id) last_viewed and title_n, url_n for n from 0; null where none."""
    people = people.distinct()
    wide = people.left_join(last_viewed(view, as_of), "person_id").drop("person_id_right")
    if goods.rule not in PICKED:
        blanks = {f"{what}_{n}": ibis.null("string") for n in range(N_SHOWN) for what in ("title", "url")}
        return wide.mutate(**blanks)
    ranked = _ranked(on_sale(view, goods, shop, as_of), goods)
    some = people.inner_join(interests(view, as_of), "person_id").inner_join(ranked, "category")
    options = some.select("person_id", "title", "url", "place", prio=ibis.literal(0))
    if goods.rule in WHOLE_SHOP:
        every = people.cross_join(ranked.filter(ranked.category == ALL))
        options = options.union(every.select("person_id", "title", "url", "place", prio=ibis.literal(1)))
    options = options.anti_join(_bought(view, as_of), ["person_id", "url"])
    once = options.group_by(["person_id", "url"]).agg(
        title=options.title.max(), order=(options.prio * N_KEPT + options.place).min()
    )
    order = ibis.row_number().over(ibis.window(group_by=once.person_id, order_by=[once.order, once.url]))
    first = once.mutate(n=order)
    shown = first.group_by("person_id").agg(
        **{f"{what}_{n}": first[what].max(where=first.n == n) for n in range(N_SHOWN) for what in ("title", "url")}
    )
    return wide.left_join(shown, "person_id").drop("person_id_right")


def on_sale(view: LakeView, goods: Goods, shop: Shop, as_of: datetime) -> ir.Table:
    """Give the pages one can buy from now: url, title, category, n_units sold in the window, new_at."""
    products = _products(view)
    products = products.filter(
        products.is_active, ~products.is_gift_card, products.category.notnull(), products.currency == shop.currency
    )
    if goods.price_ceiling is not None:
        products = products.filter(products.price_minor <= goods.price_ceiling.amount_minor)
    stock = view.table("stock")
    stock = stock.filter(stock.event_at <= ibis.literal(as_of))
    last = newest_per_sku(stock, "quantity")
    products = products.semi_join(last.filter(last.quantity > 0), products.sku == last.sku_of)
    lines = view.table("order_lines")
    lines = lines.filter(lines.event_at <= ibis.literal(as_of), lines.event_at > ibis.literal(as_of - INTEREST))
    sold = lines.group_by("sku").agg(n_units=lines.quantity.sum())
    known = products.left_join(sold, "sku").drop("sku_right")
    return known.group_by("url").agg(
        title=known.title.max(),
        category=known.category.max(),
        n_units=ibis.coalesce(known.n_units.sum(), 0),
        new_at=known.event_at.max(),
    )


def _ranked(pages: ir.Table, goods: Goods) -> ir.Table:
    """Give the first pages of each category and of the whole shop, best first: category, title, url, place."""
    score = pages.new_at if goods.rule in NEWEST_FIRST else pages.n_units
    named = pages.select("category", "title", "url", score=score)
    both = named.union(named.mutate(category=ibis.literal(ALL)))
    place = ibis.row_number().over(ibis.window(group_by=both.category, order_by=[both.score.desc(), both.url]))
    ranked = both.mutate(place=place)
    return ranked.filter(ranked.place < N_KEPT).drop("score")


def interests(view: LakeView, as_of: datetime) -> ir.Table:
    """Give (person_id, category): what each person looked at, put in a cart or bought last within 60 days."""
    looked = with_category(_looked(view, as_of), view).select("person_id", "category", "event_at")
    lines = valid_lines(view, as_of).select("person_id", "category", "event_at")
    acts = looked.union(lines)
    acts = acts.filter(acts.category.notnull(), acts.event_at > ibis.literal(as_of - INTEREST))
    last = acts.group_by("person_id").agg(last=ibis.struct({"at": acts.event_at, "category": acts.category}).max())
    return last.select("person_id", category=last.last["category"])


def last_viewed(view: LakeView, as_of: datetime) -> ir.Table:
    """Give (person_id, last_viewed): the page of the article each person looked at last, where it is still sold."""
    products = _products(view)
    pages = products.filter(products.is_active).group_by("sku").agg(url=products.url.max())
    seen = _looked(view, as_of).inner_join(pages, "sku")
    last = seen.group_by("person_id").agg(last=ibis.struct({"at": seen.event_at, "url": seen.url}).max())
    return last.select("person_id", last_viewed=last.last["url"])


def _products(view: LakeView) -> ir.Table:
    products = view.table("products")
    return products.filter(products.url.notnull())


def _looked(view: LakeView, as_of: datetime) -> ir.Table:
    events = view.table("events")
    kinds = events.kind.isin(("view", "cart"))
    return events.filter(kinds, ~events.is_machine, events.person_id.notnull(), events.event_at <= ibis.literal(as_of))


def _bought(view: LakeView, as_of: datetime) -> ir.Table:
    pages = _products(view).select("sku", "url").distinct()
    return valid_lines(view, as_of).inner_join(pages, "sku").select("person_id", "url").distinct()
