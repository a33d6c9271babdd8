"""Care without selling: thanks, onboarding, knowledge, care, styling (S1-08, S1-16, S1-39..S1-41, S2-39)."""

from memory.domain.plan import Goods

from .template import EVENING, StepTemplate

THANK_YOU = StepTemplate(
    id="thank_you",
    title={"en": "Thank-you", "zh": "感谢信"},
    words=("thank you", "thanks", "感谢"),
    stage="activate",
    kind="thank_you",
    days={"vip": 1, "reactivated": 1, "discount_sensitive": 2, "first_time": 1},
    phases=("stabilise",),
    why=("value_first", "trust_is_highest"),
)
ONBOARDING = StepTemplate(
    id="onboarding",
    title={"en": "Onboarding", "zh": "新客引导"},
    words=("welcome", "新手引导", "欢迎"),
    stage="activate",
    kind="onboarding",
    days={"first_time": 3},
    phases=("stabilise",),
    why=("first_order", "value_first"),
)
CARE_GUIDE = StepTemplate(
    id="care_guide",
    title={"en": "Usage and care guide", "zh": "使用与保养指南"},
    words=("care guide", "usage guide", "保养", "使用指南"),
    stage="activate",
    kind="care_guide",
    days={"vip": 5, "reactivated": 6, "discount_sensitive": 5, "first_time": 6},
    phases=("stabilise", "relevance"),
    trigger="delivered",
    goods=Goods(rule="bought", link="product"),
    flow="usage_guide",
    why=("value_first", "after_delivery", "five_step_flow"),
)
PRODUCT_KNOWLEDGE = StepTemplate(
    id="product_knowledge",
    title={"en": "Product knowledge", "zh": "产品知识"},
    words=("product education", "知识邮件"),
    stage="activate",
    kind="product_knowledge",
    days={"first_time": 10, "discount_sensitive": 9},
    phases=("stabilise", "relevance"),
    goods=Goods(rule="bought", link="category"),
    why=("first_order", "value_first"),
)
STYLING = StepTemplate(
    id="styling_inspiration",
    title={"en": "Styling inspiration", "zh": "搭配灵感"},
    words=("styling", "搭配"),
    stage="engage",
    kind="styling_inspiration",
    days={"vip": 20, "reactivated": 11, "discount_sensitive": 32, "first_time": 21},
    phases=("stabilise", "relevance", "lock_in"),
    local_minute=EVENING,
    goods=Goods(rule="bought", link="category"),
    why=("value_first", "keeps_balance"),
)
TEMPLATES = (THANK_YOU, ONBOARDING, CARE_GUIDE, PRODUCT_KNOWLEDGE, STYLING)
