"""The second incentive: credit, shipping, gift; a discount only where a planner asks for it (S1-18, S2-29..S2-35)."""

from .template import EVENING, StepTemplate

STORE_CREDIT = StepTemplate(
    id="store_credit",
    title={"en": "Store credit", "zh": "购物金"},
    words=("credit", "store credit", "返现"),
    stage="incentivise",
    kind="store_credit",
    days={"first_time": 28, "discount_sensitive": 34},
    phases=("relevance", "lock_in"),
    channels=("email", "sms"),
    local_minute=EVENING,
    offers=("store_credit",),
    needs_offer=True,
    offer_days=13,
    flow="second_incentive",
    why=("second_order_window", "absolute_value", "no_wide_discount"),
)
WALLET_CREDIT = StepTemplate(
    id="wallet_credit",
    title={"en": "Credit for the new year", "zh": "新年钱包金"},
    words=("wallet credit", "钱包金"),
    stage="incentivise",
    kind="store_credit",
    phases=("relevance",),
    months=(11, 12),
    offers=("wallet_credit",),
    needs_offer=True,
    offer_days=45,
    flow="second_incentive",
    why=("brings_back_in_january", "absolute_value"),
)
FREE_SHIPPING = StepTemplate(
    id="free_shipping",
    title={"en": "Free express shipping", "zh": "免费加急配送"},
    words=("free shipping", "包邮", "免运费"),
    stage="incentivise",
    kind="free_shipping",
    days={"reactivated": 32},
    phases=("relevance", "lock_in"),
    channels=("email", "sms"),
    local_minute=EVENING,
    offers=("free_shipping",),
    needs_offer=True,
    offer_days=10,
    flow="second_incentive",
    why=("keeps_price", "no_wide_discount"),
)
GIFT = StepTemplate(
    id="gift_with_purchase",
    title={"en": "Gift with purchase", "zh": "满额赠礼"},
    words=("gift", "赠品", "礼品"),
    stage="incentivise",
    kind="gift_with_purchase",
    days={"vip": 54},
    phases=("relevance", "lock_in"),
    offers=("gift_with_purchase",),
    needs_offer=True,
    offer_days=14,
    flow="second_incentive",
    why=("keeps_price", "high_margin_goods"),
)
DISCOUNT = StepTemplate(
    id="discount_offer",
    title={"en": "Discount", "zh": "折扣"},
    words=("discount", "打折", "优惠"),
    stage="incentivise",
    kind="discount_offer",
    phases=("relevance", "lock_in"),
    offers=("discount",),
    needs_offer=True,
    offer_days=10,
    flow="second_incentive",
    why=("last_choice",),
)
TEMPLATES = (STORE_CREDIT, WALLET_CREDIT, FREE_SHIPPING, GIFT, DISCOUNT)
