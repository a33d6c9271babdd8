"""What people are about: the series for who explores a category, notices for who left a cart (S2-20, S2-21, S2-47).

Exploring brings bestsellers, a pairing guide and what buyers rate well, of a category and never one abandoned article
(S2-69), without a discount. A cart left behind brings a price that really fell or goods that really came back, and
nothing else. Who buys in the category leaves the series: the state is looked at again whenever a step is due.
"""

from memory.domain.cohort import COHORTS
from memory.domain.message import MessageKind
from memory.domain.plan import Goods
from memory.domain.segment import Intends, IntentState

from .template import EVENING, StepTemplate

EXPLORES, ABANDONS = Intends(state="explore"), Intends(state="abandon")
EXPLORES_TITLE = {
    "en": "who looked at a category at least 5 times and never bought in it",
    "zh": "对某品类互动至少5次、从未在该品类下单的人",
}
ABANDONS_TITLE = {
    "en": "who left a cart behind in the last 30 days",
    "zh": "最近30天内加购后未下单的人",
}
CONTENT: dict[IntentState, tuple[str, ...]] = {
    "explore": ("category_series", "category_series_2", "category_series_3"),
    "abandon": ("price_drop", "back_in_stock"),
}
"""The step templates of each state: bestsellers, pairing guide and reviews; price and stock notices."""
CATEGORY_SERIES = StepTemplate(
    id="category_series",
    title={"en": "Category series, part 1: bestsellers", "zh": "品类兴趣系列（一）：热销"},
    words=("category intent", "品类系列"),
    stage="engage",
    kind="category_series",
    days={"vip": 17, "reactivated": 18, "discount_sensitive": 20, "first_time": 17},
    phases=("relevance", "lock_in"),
    channels=("email", "push"),
    goods=Goods(rule="category_interest", link="category"),
    audience=EXPLORES,
    audience_title=EXPLORES_TITLE,
    why=("interest_shown", "category_not_article"),
    fallback_hours=48,
)
CATEGORY_SERIES_2 = CATEGORY_SERIES.model_copy(
    update={
        "id": "category_series_2",
        "title": {"en": "Category series, part 2: pairing guide", "zh": "品类兴趣系列（二）：搭配指南"},
        "words": (),
        "days": {"vip": 23, "reactivated": 25, "first_time": 24},
        "local_minute": EVENING,
        "goods": Goods(rule="pairing", link="category"),
    }
)
CATEGORY_SERIES_3 = CATEGORY_SERIES.model_copy(
    update={
        "id": "category_series_3",
        "title": {"en": "Category series, part 3: well reviewed", "zh": "品类兴趣系列（三）：好评"},
        "words": (),
        "days": {"vip": 37, "first_time": 61},
        "goods": Goods(rule="well_reviewed", link="category", if_none="skip"),
    }
)


def _notice(
    kind: MessageKind, title: dict[str, str], words: tuple[str, ...], days: tuple[int, int, int, int], goods: Goods
) -> StepTemplate:
    return StepTemplate(
        id=kind,
        title=title,
        words=words,
        stage="engage",
        kind=kind,
        days=dict(zip(COHORTS, days, strict=True)),
        phases=("relevance", "lock_in"),
        trigger="intent",
        window_days=28,
        goods=goods,
        audience=ABANDONS,
        audience_title=ABANDONS_TITLE,
        why=("cart_left_behind", "really_changed"),
    )


PRICE_DROP = _notice(
    "price_drop",
    {"en": "Price drop of a followed article", "zh": "关注商品降价"},
    ("price drop", "降价提醒"),
    (59, 55, 56, 53),
    Goods(rule="price_drop", link="product", if_none="skip"),
)
BACK_IN_STOCK = _notice(
    "back_in_stock",
    {"en": "Followed article back in stock", "zh": "关注商品到货"},
    ("back in stock", "到货提醒"),
    (66, 67, 68, 66),
    Goods(rule="back_in_stock", link="product", if_none="skip"),
)
TEMPLATES = (CATEGORY_SERIES, CATEGORY_SERIES_2, CATEGORY_SERIES_3, PRICE_DROP, BACK_IN_STOCK)
