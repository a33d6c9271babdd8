"""Asking people for their voice: delivery check, review invitation, survey of the review week (S1-17, S1-46)."""

from memory.domain.cohort import COHORTS
from memory.domain.plan import Goods

from .template import EVENING, StepTemplate

DELIVERY_CHECK = StepTemplate(
    id="delivery_check",
    title={"en": "Delivery check", "zh": "收货回访"},
    words=("delivery follow-up", "收货确认"),
    stage="activate",
    kind="delivery_check",
    days={"reactivated": 4},
    phases=("stabilise",),
    trigger="delivered",
    why=("after_delivery", "value_first"),
)
REVIEW_INVITATION = StepTemplate(
    id="review_invitation",
    title={"en": "Review invitation", "zh": "评价邀请"},
    words=("review request", "ask for reviews", "邀评", "评价"),
    stage="activate",
    kind="review_invitation",
    days={"vip": 12, "reactivated": 15, "discount_sensitive": 16, "first_time": 13},
    phases=("stabilise", "relevance"),
    local_minute=EVENING,
    trigger="delivered",
    offers=("review_points",),
    offer_days=21,
    goods=Goods(rule="bought", link="product"),
    flow="review_request",
    bucket="community_ugc",
    why=("asks_for_voice", "after_some_use", "five_step_flow"),
)
NEXT_PLAN_SURVEY = StepTemplate(
    id="next_plan_survey",
    title={"en": "Survey of the review week", "zh": "复盘周问卷"},
    words=("survey", "问卷"),
    stage="engage",
    kind="next_plan_survey",
    days=dict.fromkeys(COHORTS, 86),
    phases=("review",),
    bucket="community_ugc",
    why=("review_week", "asks_for_voice"),
)
TEMPLATES = (DELIVERY_CHECK, REVIEW_INVITATION, NEXT_PLAN_SURVEY)
