"""Membership and loyalty: invitation, status, early access, points, January mission (S1-35, S2-41, S2-54)."""

from memory.domain.cohort import COHORTS
from memory.domain.plan import Goods

from .template import EVENING, StepTemplate

MEMBER_INVITATION = StepTemplate(
    id="member_invitation",
    title={"en": "Member invitation", "zh": "会员邀请"},
    words=("membership", "入会"),
    stage="activate",
    kind="member_invitation",
    days={"first_time": 8},
    phases=("stabilise", "relevance"),
    bucket="loyalty_programme",
    why=("first_order", "trust_is_highest"),
)
EARLY_ACCESS = StepTemplate(
    id="early_access",
    title={"en": "Early access", "zh": "提前购"},
    words=("early purchase", "先买", "优先购"),
    stage="engage",
    kind="early_access",
    days={"vip": 9},
    phases=("stabilise", "relevance", "lock_in"),
    channels=("email", "push"),
    offers=("early_access",),
    needs_offer=True,
    offer_days=7,
    goods=Goods(rule="newest", link="home"),
    bucket="loyalty_programme",
    why=("rewards_loyalty", "keeps_margin", "after_recent_buyer_window"),
)
POINTS_MULTIPLE = StepTemplate(
    id="points_multiple",
    title={"en": "Points multiple", "zh": "多倍积分"},
    words=("double points", "treble points", "积分翻倍"),
    stage="incentivise",
    kind="points_multiple",
    days={"vip": 26},
    phases=("relevance", "lock_in"),
    channels=("email", "push"),
    local_minute=EVENING,
    offers=("points_multiple",),
    needs_offer=True,
    offer_days=14,
    flow="second_incentive",
    bucket="loyalty_programme",
    why=("rewards_loyalty", "no_deep_discount"),
)
LOYALTY_STATUS = StepTemplate(
    id="loyalty_status",
    title={"en": "Points and status", "zh": "积分与等级提醒"},
    words=("loyalty status", "等级", "积分提醒"),
    stage="engage",
    kind="loyalty_status",
    days={"vip": 64, "reactivated": 66, "discount_sensitive": 68, "first_time": 63},
    phases=("relevance", "lock_in"),
    bucket="loyalty_programme",
    why=("value_first", "keeps_balance"),
)
JANUARY_MISSION = StepTemplate(
    id="january_mission",
    title={"en": "January mission", "zh": "一月任务"},
    words=("mission", "任务"),
    stage="incentivise",
    kind="january_mission",
    days=dict(zip(COHORTS, (44, 45, 46, 43), strict=True)),
    phases=("lock_in",),
    months=(1,),
    channels=("email", "push"),
    local_minute=EVENING,
    offers=("mission_points",),
    needs_offer=True,
    offer_days=31,
    bucket="loyalty_programme",
    why=("playful", "brings_back_in_january", "keeps_price"),
)
TEMPLATES = (MEMBER_INVITATION, EARLY_ACCESS, POINTS_MULTIPLE, LOYALTY_STATUS, JANUARY_MISSION)
