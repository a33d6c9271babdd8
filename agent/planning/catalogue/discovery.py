"""Goods that fit: newest, category series, cross-sell, replenishment (S2-40, S2-47..S2-49).

Categories, never one abandoned article (S2-69).
"""

from memory.domain.plan import Goods
from memory.domain.segment import AnyOf, Bought, Did

from .template import EVENING, StepTemplate

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
    goods=Goods(rule="newest", link="category"),
    audience=INTERESTED,
    audience_title=INTERESTED_TITLE,
    why=("interest_shown", "no_broad_promotion", "after_recent_buyer_window"),
)
CATEGORY_SERIES = StepTemplate(
    id="category_series",
    title={"en": "Category series, part 1", "zh": "品类兴趣系列（一）"},
    words=("category intent", "品类系列"),
    stage="engage",
    kind="category_series",
    days={"vip": 17, "reactivated": 18, "discount_sensitive": 20, "first_time": 17},
    phases=("relevance", "lock_in"),
    channels=("email", "push"),
    goods=Goods(rule="category_interest", link="category"),
    audience=INTERESTED,
    audience_title=INTERESTED_TITLE,
    why=("interest_shown", "category_not_article"),
    fallback_hours=48,
)
CATEGORY_SERIES_2 = CATEGORY_SERIES.model_copy(
    update={
        "id": "category_series_2",
        "title": {"en": "Category series, part 2", "zh": "品类兴趣系列（二）"},
        "words": (),
        "days": {"vip": 23, "reactivated": 25, "first_time": 24},
        "local_minute": EVENING,
    }
)
CROSS_SELL = StepTemplate(
    id="cross_sell",
    title={"en": "What goes with it", "zh": "搭配加购"},
    words=("cross-sell", "cross sell", "关联推荐"),
    stage="engage",
    kind="cross_sell",
    days={"vip": 30, "reactivated": 28, "discount_sensitive": 26, "first_time": 36},
    phases=("relevance", "lock_in"),
    goods=Goods(rule="complement", link="category"),
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
    goods=Goods(rule="replenish", link="product"),
    why=("runs_out_about_now",),
)
TEMPLATES = (NEWEST_GOODS, CATEGORY_SERIES, CATEGORY_SERIES_2, CROSS_SELL, REPLENISHMENT)
