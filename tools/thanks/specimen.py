"""An order that nobody placed, to show what a page would hold: a market's most ordered article, and example codes."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import ibis

from memory.domain.base import Count, Frozen
from memory.domain.market import Shop
from memory.domain.thanks import ThanksOrder, ThanksSettings
from memory.lake.view import LakeView
from tools.profile.purchases import valid_lines
from tools.recommendations.shelf import paged

from .opening import CODE_HEAD, SHARE_HEAD

LATELY = timedelta(days=365)
EXAMPLE = "EXAMPLE"
SPECIMEN_REF = "specimen"


class TopArticle(Frozen):
    """The article that most orders of a market hold."""

    market: str
    """Where the orders went."""
    sku: str
    """The article."""
    title: str
    """Its name; untrusted text."""
    n_orders: Count
    """Orders of the last year that hold it."""


def top_articles(view: LakeView, shop: Shop, as_of: datetime) -> Mapping[str, TopArticle]:
    """Give the article with a page of its own that most orders of the last year hold, per market."""
    orders = view.table("orders")
    orders = orders.filter(orders.shop_id == shop.shop_id, orders.event_at > ibis.literal(as_of - LATELY))
    orders = orders.select(of_order="fact_id", market=ibis.coalesce(orders.market, shop.home_market))
    products = paged(view)
    products = products.filter(products.is_active, ~products.is_gift_card)
    named = products.group_by(page_sku=products.sku).agg(title=products.title.max())
    lines = valid_lines(view, as_of)
    lines = lines.filter(~lines.is_gift).select("sku", "order_fact_id").distinct()
    held = lines.inner_join(orders, lines.order_fact_id == orders.of_order).inner_join(
        named, lines.sku == named.page_sku
    )
    counted = held.group_by(["market", "sku"]).agg(n_orders=held.count(), title=held.title.max())
    order = ibis.window(group_by=counted.market, order_by=[counted.n_orders.desc(), counted.sku])
    first = counted.mutate(place=ibis.row_number().over(order))
    rows = first.filter(first.place == 0).drop("place").order_by("market").to_pyarrow().to_pylist()
    return {row["market"]: TopArticle.model_validate(row) for row in rows}


def specimen(
    settings: ThanksSettings,
    market: str,
    skus: tuple[str, ...],
    variant: str,
    now: datetime,
    refused: str | None = None,
) -> ThanksOrder:
    """Give an order of these articles by nobody, in a variant's arm, with example codes that open nothing.

    `refused` is the guardrail that forbids a code now: there is none then, and the order says why.
    """
    code = None if refused else settings.code
    given = {
        "code": f"{CODE_HEAD}{EXAMPLE}", "code_expires_at": now + timedelta(hours=code.hours),
        "code_off": code.off, "code_min_spend": code.min_spend,
    } if code else {}  # fmt: skip
    shared = {"share_code": f"{SHARE_HEAD}{EXAMPLE}"} if market in settings.share else {}
    plain = ThanksOrder(order_ref=SPECIMEN_REF, person_id="", market=market, skus=skus, arm=variant, opened_at=now)
    return plain.model_copy(update={**given, **shared, "code_refused": refused})
