"""The context attributes of S2-08: price sensitivity, stock state, category and device, with what each means."""

from typing import Literal

from memory.domain.base import Frozen
from memory.domain.facts import EventKind, FactKind
from memory.domain.profile import Attribute

from .words import ATTRIBUTES, WordLanguage


class ContextAttribute(Frozen):
    """One attribute that rules may compare, with its definition and how fresh it is."""

    attribute: Attribute
    """Its name in rules."""
    context: Literal["price_sensitivity", "stock_state", "category", "device"]
    """Which of the four."""
    origin: Literal["derived", "event"]
    """Worked out from several facts, or read off single events."""
    facts: tuple[FactKind, ...]
    """Fact tables it is read from."""
    events: tuple[EventKind, ...] = ()
    """Events it is read from; all where none is given and events are read."""
    definition: dict[str, str]
    """What it says (`en`, `zh`)."""
    freshness: dict[str, str]
    """When it changes (`en`, `zh`)."""

    def title(self, language: WordLanguage) -> str:
        """Give its name in words."""
        return ATTRIBUTES[self.attribute][0 if language == "en" else 1]


NOW = {
    "en": "worked out from all facts imported up to the instant a rule is evaluated; nothing is kept in between",
    "zh": "每次评估规则时，按截至该时刻已导入的全部事实重新计算，中间不缓存",
}
STOCK_NOW = {
    "en": "the newest stock figure per article up to that instant; as old as the last stock import",
    "zh": "每个商品截至该时刻最新的库存数字；与最近一次库存导入一样新",
}
CONTEXT_ATTRIBUTES: tuple[ContextAttribute, ...] = (
    ContextAttribute(
        attribute="price_sensitivity_rate",
        context="price_sensitivity",
        origin="derived",
        facts=("orders",),
        definition={
            "en": "half the share of orders with a discount, half their depth over 30 % (at most 1); assumed",
            "zh": "使用折扣的订单占比与平均折扣幅度（以30%为满分，最高1）各占一半；为假设口径",
        },
        freshness=NOW,
    ),
    ContextAttribute(
        attribute="top_category_in_stock_share",
        context="stock_state",
        origin="derived",
        facts=("products", "stock", "order_lines"),
        definition={
            "en": "of the favourite category's articles with a known stock, the share above zero; empty without",
            "zh": "最常购品类在售且库存已知的商品中有货的占比；没有库存数字时为空",
        },
        freshness=STOCK_NOW,
    ),
    ContextAttribute(
        attribute="top_category",
        context="category",
        origin="derived",
        facts=("orders", "order_lines", "products"),
        definition={
            "en": "the category with the most units over all purchases",
            "zh": "全部有效订单中购买件数最多的品类",
        },
        freshness=NOW,
    ),
    ContextAttribute(
        attribute="device",
        context="device",
        origin="event",
        facts=("events",),
        definition={
            "en": "the device most events of the person name: app, desktop, mobile or tablet",
            "zh": "该用户事件中出现最多的设备：App、电脑、手机或平板",
        },
        freshness=NOW,
    ),
)
"""In the order of the requirement."""
