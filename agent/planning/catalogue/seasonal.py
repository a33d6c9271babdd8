"""Seasonal reactivation: New Year picks below a price, spring restock; browse-back links, no discount (S2-56)."""

from memory.domain.plan import Goods
from memory.domain.segment import Bought

from .template import StepTemplate

QUIET = Bought(within_days=30, at_most=0)
QUIET_TITLE = {"en": "who bought nothing in the last 30 days", "zh": "最近30天没有下单的人"}
NEW_YEAR_PICKS = StepTemplate(
    id="new_year_picks",
    title={"en": "New Year picks below a price", "zh": "新年精选好物"},
    words=("new year", "新年精选"),
    stage="engage",
    kind="seasonal_reactivation",
    days={"vip": 48, "reactivated": 50, "discount_sensitive": 51, "first_time": 49},
    phases=("lock_in",),
    months=(1, 2),
    channels=("email", "push"),
    goods=Goods(rule="under_price", link="last_viewed"),
    price_ceiling_dollars=50,
    audience=QUIET,
    audience_title=QUIET_TITLE,
    why=("seasonal_reason", "no_wide_discount", "browse_back"),
)
SPRING_RESTOCK = StepTemplate(
    id="spring_restock",
    title={"en": "Spring restock", "zh": "春季新品补货"},
    words=("spring", "春季"),
    stage="engage",
    kind="seasonal_reactivation",
    days={"vip": 77, "reactivated": 74, "discount_sensitive": 80, "first_time": 75},
    phases=("lock_in",),
    months=(2, 3, 4),
    channels=("email", "push"),
    goods=Goods(rule="restock", link="last_viewed", if_none="skip"),
    audience=QUIET,
    audience_title=QUIET_TITLE,
    why=("seasonal_reason", "no_wide_discount", "browse_back"),
)
TEMPLATES = (NEW_YEAR_PICKS, SPRING_RESTOCK)
