"""Order confirmation and shipping notice: the shop sends them; a plan counts them as present (S1-14, S1-15)."""

from memory.domain.cohort import COHORTS

from .template import StepTemplate

ORDER_CONFIRMATION = StepTemplate(
    id="order_confirmation",
    title={"en": "Order confirmation", "zh": "订单确认"},
    words=("confirmation", "确认邮件"),
    stage="activate",
    kind="order_confirmation",
    days=dict.fromkeys(COHORTS, 0),
    phases=("stabilise",),
    owner="shop",
    flow="order_confirmation",
    why=("sent_by_shop", "five_step_flow"),
)
SHIPPING_NOTICE = StepTemplate(
    id="shipping_notice",
    title={"en": "Shipping notice", "zh": "发货通知"},
    words=("shipping notification", "物流通知"),
    stage="activate",
    kind="shipping_notice",
    days=dict.fromkeys(COHORTS, 1),
    phases=("stabilise",),
    owner="shop",
    flow="shipping_notice",
    why=("sent_by_shop", "five_step_flow"),
)
TEMPLATES = (ORDER_CONFIRMATION, SHIPPING_NOTICE)
