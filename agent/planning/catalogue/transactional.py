"""Order confirmation and shipping notice: sent per order or by others; a plan counts them as present (S1-14, S1-15)."""

from collections.abc import Mapping
from typing import Literal

from memory.domain.cohort import COHORTS
from memory.domain.order_mail import OwnedStep, StepOwner

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
SENT_BY: dict[StepOwner, tuple[Literal["shop", "esp", "per_order"], str]] = {
    "shop": ("shop", "sent_by_shop"),
    "esp": ("esp", "sent_by_esp"),
    "us": ("per_order", "sent_per_order"),
}
"""How a plan names who sends a step that somebody owns, and the reason code that says so."""


def owner_of(
    template: StepTemplate, owners: Mapping[OwnedStep, StepOwner]
) -> tuple[Literal["us", "shop", "esp", "per_order"], tuple[str, ...]]:
    """Give who sends a step of a plan, and why it is there; `owners` hold steps that the shop does not send."""
    for step, owner in owners.items():
        if template.flow == step:
            name, code = SENT_BY[owner]
            return name, (code, *template.why[1:])
    return template.owner, template.why


TEMPLATES = (ORDER_CONFIRMATION, SHIPPING_NOTICE)
