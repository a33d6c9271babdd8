"""Reading the shop's figures of now, once per data version: what prices, stock and money are checked against."""

from datetime import datetime

from agent.planning.context import PlanContext
from agent.planning.reading import newest_rates
from memory.domain.figures import MarketingMoney, ShopFigures
from memory.domain.market import Shop
from memory.domain.money import ExchangeRates
from memory.lake.view import LakeView
from memory.store.engine import Store
from tools.budget.audit import BudgetAudit
from tools.budget.reading import budget_audit
from tools.offers.reading import GoodsFacts, goods_facts


def read_figures(view: LakeView, shop: Shop, data_version: int, as_of: datetime) -> ShopFigures:
    """Give the figures of opened facts."""
    goods, audit = goods_facts(view, shop, as_of), budget_audit(view, shop, as_of)
    return figures_of(shop, data_version, goods, audit, newest_rates(view, shop, as_of))


def figures_of(
    shop: Shop, data_version: int, goods: GoodsFacts | PlanContext, audit: BudgetAudit, rates: ExchangeRates
) -> ShopFigures:
    """Give the figures of what was read already."""
    return ShopFigures(
        shop_id=shop.shop_id,
        data_version=data_version,
        currency=shop.currency,
        margins={each.category: each.margin_rate for each in goods.categories},
        margin_rate=goods.margin_rate,
        gifts={gift.sku: gift.n_in_stock for gift in goods.gifts},
        money=MarketingMoney(
            period_from=audit.period_from,
            period_until=audit.period_until,
            total_minor=audit.total_minor,
            post_share_rate=audit.post_share_rate,
        ),
        rates=rates,
    )


def refresh_figures(store: Store, shop: Shop, as_of: datetime, data_version: int, view: LakeView) -> ShopFigures:
    """Give the figures of a data version or a later one; they are read and kept where the kept ones are older.

    `view` holds the facts of `data_version`.
    """
    with store.read() as uow:
        known = uow.figures.get(shop.shop_id)
    if known is not None and known.data_version >= data_version:
        return known
    figures = read_figures(view, shop, data_version, as_of)
    with store.unit_of_work() as uow:
        uow.figures.put(figures)
    return figures
