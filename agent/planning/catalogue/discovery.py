"""Goods that fit: newest, cross-sell, replenishment (S2-40, S2-48, S2-49)."""

from memory.domain.plan import Goods
from memory.domain.segment import AnyOf, Bought, Did

from .template import StepTemplate

INTERESTED = AnyOf(
    of=(Did(events=("view", "cart", "mail_click", "app_open"), within_days=60, at_least=1), Bought(within_days=60))
)
INTERESTED_TITLE = {
    "en": "who looked at or bought something in the last 60 days",
    "zh": "最近60天内浏览或购买过的人",
}
NEWEST_GOODS = StepTemplate(
    id="newest_goods",
    title={"en": "Newest goods", "zh": "新品推荐"},
    words=("new arrivals", "new goods", "新品"),
    stage="engage",
    kind="newest_goods",
    days={"reactivated": 9},
    phases=("stabilise", "relevance", "lock_in"),
    goods=Goods(rule="newest", link="category", if_none="skip"),
    audience=INTERESTED,
    audience_title=INTERESTED_TITLE,
    why=("interest_shown", "no_broad_promotion", "after_recent_buyer_window"),
)
CROSS_SELL = StepTemplate(
    id="cross_sell",
    title={"en": "What goes with it", "zh": "搭配加购"},
    words=("cross-sell", "cross sell", "关联推荐"),
    stage="engage",
    kind="cross_sell",
    days={"vip": 30, "reactivated": 28, "discount_sensitive": 26, "first_time": 36},
    phases=("relevance", "lock_in"),
    goods=Goods(rule="complement", link="category", if_none="skip"),
    why=("fits_what_was_bought", "category_not_article"),
)
REPLENISHMENT = StepTemplate(
    id="replenishment_reminder",
    title={"en": "Replenishment reminder", "zh": "补货提醒"},
    words=("replenishment", "refill", "复购提醒"),
    stage="engage",
    kind="replenishment_reminder",
    days={"reactivated": 38, "discount_sensitive": 39, "first_time": 39},
    phases=("relevance", "lock_in"),
    trigger="intent",
    window_days=21,
    goods=Goods(rule="replenish", link="product", if_none="skip"),
    why=("runs_out_about_now",),
)
TEMPLATES = (NEWEST_GOODS, CROSS_SELL, REPLENISHMENT)
