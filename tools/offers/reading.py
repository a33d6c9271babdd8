"""Reading what offers are made from: categories with margins, gifts, shipping; aggregates only."""

from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir

from memory.domain.base import Frozen
from memory.domain.market import Shop
from memory.domain.money import Money
from memory.lake.view import LakeView
from tools.exchange import with_shop_currency
from tools.facts import newest_per_sku
from tools.profile.purchases import valid_lines, valid_orders

from .facts import CategoryFact, GiftFact

YEAR_DAYS = 365
MOST_CATEGORIES = 40
"""Categories beyond the largest are left out of a plan's facts."""
MOST_GIFTS = 20


class GoodsFacts(Frozen):
    """What the shop sells, in its own currency."""

    categories: tuple[CategoryFact, ...]
    """By revenue, largest first."""
    gifts: tuple[GiftFact, ...]
    """Cheapest first."""
    margin_rate: float | None
    """Margin over list price of all sales with a known cost; null where none is known."""
    shipping_minor: int
    """Median shipping paid per order that paid any; 0 where none did."""
    n_left_out: int
    """Categories beyond the largest."""


def goods_facts(view: LakeView, shop: Shop, as_of: datetime) -> GoodsFacts:
    """Read the shop's goods as of an instant; sales are those of the year before.

    Margins are over list price: list price less cost, weighted by units sold. Raise `MissingRate` where a currency
    has no exchange rate.
    """
    articles = _articles(view, shop, as_of)
    sold = _sold(view, shop, as_of)
    rows = _by_category(articles, sold).to_pyarrow().to_pylist()
    known = [row for row in rows if row["known_list"]]
    total = sum(row["known_list"] for row in known)
    margin = (total - sum(row["known_cost"] for row in known)) / total if total else None
    return GoodsFacts(
        categories=tuple(_category(row) for row in rows[:MOST_CATEGORIES]),
        gifts=_gifts(articles, shop),
        margin_rate=None if margin is None else round(margin, 6),
        shipping_minor=_shipping(view, shop, as_of),
        n_left_out=max(len(rows) - MOST_CATEGORIES, 0),
    )


def _of_shop(view: LakeView, name: str, shop: Shop, as_of: datetime) -> ir.Table:
    rows = view.table(name)
    return rows.filter(rows.shop_id == shop.shop_id, rows.event_at <= ibis.literal(as_of))


def _articles(view: LakeView, shop: Shop, as_of: datetime) -> ir.Table:
    """One row per active article: category, list price, cost and stock where known, in the shop's currency."""
    products = _of_shop(view, "products", shop, as_of)
    products = with_shop_currency(products, view, shop, {"list_minor": products.price_minor})
    products = products.filter(products.is_active, ~products.is_gift_card)
    goods = products.group_by("sku").agg(category=products.category.max(), list_minor=products.list_minor.max())
    costs = _of_shop(view, "costs", shop, as_of)
    costs = with_shop_currency(costs, view, shop, {"own_cost": costs.cost_minor})
    assumed = newest_per_sku(costs.mutate(assumed=costs.is_assumed.cast("int64")), "assumed").rename(
        sku_assumed="sku_of"
    )
    cost = newest_per_sku(costs, "own_cost").rename(sku_cost="sku_of")
    stock = newest_per_sku(_of_shop(view, "stock", shop, as_of), "quantity").rename(sku_stock="sku_of")
    joined = goods.left_join(cost, goods.sku == cost.sku_cost)
    joined = joined.left_join(assumed, joined.sku == assumed.sku_assumed)
    joined = joined.left_join(stock, joined.sku == stock.sku_stock)
    kept = joined.select("sku", "category", "list_minor", "own_cost", "assumed", "quantity")
    return view.memory_table(f"articles_{shop.shop_id}", kept.to_pyarrow())


def _sold(view: LakeView, shop: Shop, as_of: datetime) -> ir.Table:
    """Units and list value sold per article in the year before, in the shop's currency."""
    lines = valid_lines(view, as_of)
    since = ibis.literal(as_of - timedelta(days=YEAR_DAYS))
    lines = lines.filter(lines.shop_id == shop.shop_id, lines.event_at > since, ~lines.is_gift)
    value = lines.unit_price_minor * lines.quantity
    lines = with_shop_currency(lines, view, shop, {"value_minor": value - lines.discount_minor, "full_minor": value})
    return lines.group_by(sold_sku=lines.sku).agg(
        sold_category=lines.category.max(),
        n_units=lines.quantity.sum(),
        revenue=lines.value_minor.sum(),
        full=lines.full_minor.sum(),
    )


def _by_category(articles: ir.Table, sold: ir.Table) -> ir.Table:
    joined = articles.outer_join(sold, articles.sku == sold.sold_sku)
    name = ibis.coalesce(joined.category, joined.sold_category, "")
    units = ibis.coalesce(joined.n_units, 0)
    has_cost = joined.own_cost.notnull() & (ibis.coalesce(joined.full, joined.list_minor, 0) > 0)
    # an article nobody bought counts with one unit, so that a new category has a margin
    weight = ibis.greatest(units, 1)
    unit_list = ibis.coalesce(joined.full / ibis.greatest(units, 1), joined.list_minor.cast("float64"))
    unit_list = ibis.ifelse(units > 0, unit_list, joined.list_minor.cast("float64"))
    rows = joined.mutate(
        name=name,
        in_stock=(joined.sku.notnull() & ~(ibis.coalesce(joined.quantity, 1) <= 0)).cast("int64"),
        list_value=ibis.ifelse(has_cost, unit_list * weight, 0.0),
        cost_value=ibis.ifelse(has_cost, joined.own_cost.cast("float64") * weight, 0.0),
    )
    grouped = rows.group_by("name").agg(
        n_products=rows.sku.count(),
        n_in_stock=rows.in_stock.sum(),
        n_units=rows.n_units.sum(),
        revenue=rows.revenue.sum(),
        median_price=rows.list_minor.median(),
        known_list=rows.list_value.sum(),
        known_cost=rows.cost_value.sum(),
        n_assumed=rows.assumed.sum(),
    )
    return grouped.order_by(ibis.desc(ibis.coalesce(grouped.revenue, 0)), grouped.name)


def _category(row: dict[str, float]) -> CategoryFact:
    margin = None if not row["known_list"] else 1.0 - row["known_cost"] / row["known_list"]
    return CategoryFact(
        category=str(row["name"]),
        n_products=int(row["n_products"] or 0),
        n_in_stock=int(row["n_in_stock"] or 0),
        n_units_sold=max(int(row["n_units"] or 0), 0),
        revenue_minor=int(row["revenue"] or 0),
        median_price_minor=round(row["median_price"] or 0),
        margin_rate=None if margin is None else round(margin, 6),
        is_assumed=bool(row["n_assumed"]),
    )


def _gifts(articles: ir.Table, shop: Shop) -> tuple[GiftFact, ...]:
    fitting = articles.filter(articles.own_cost > 0, articles.quantity > 0, articles.list_minor > 0)
    rows = fitting.order_by(fitting.own_cost, fitting.sku).limit(MOST_GIFTS).to_pyarrow().to_pylist()
    return tuple(
        GiftFact(
            sku=row["sku"],
            cost=Money(amount_minor=row["own_cost"], currency=shop.currency),
            price=Money(amount_minor=row["list_minor"], currency=shop.currency),
            n_in_stock=row["quantity"],
        )
        for row in rows
    )


def _shipping(view: LakeView, shop: Shop, as_of: datetime) -> int:
    orders = valid_orders(view, as_of)
    orders = orders.filter(orders.shop_id == shop.shop_id, orders.shipping_minor > 0)
    orders = with_shop_currency(orders, view, shop, {"own_shipping": orders.shipping_minor})
    return round(orders.own_shipping.median().to_pyarrow().as_py() or 0)
