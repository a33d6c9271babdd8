"""Referral, the app and the community: a reward for both sides, a light nudge, an invitation (S1-30, S2-52, S2-55)."""

from memory.domain.plan import Goods

from .template import EVENING, StepTemplate

REFERRAL = StepTemplate(
    id="referral_invitation",
    title={"en": "Referral invitation", "zh": "老带新邀请"},
    words=("referral", "refer a friend", "转介绍", "推荐好友", "邀请好友"),
    stage="incentivise",
    kind="referral_invitation",
    days={"vip": 70, "reactivated": 60, "discount_sensitive": 61, "first_time": 57},
    phases=("lock_in",),
    local_minute=EVENING,
    offers=("referral_reward",),
    needs_offer=True,
    offer_days=30,
    bucket="referral",
    why=("wins_new_buyers", "absolute_value"),
)
APP_NUDGE = StepTemplate(
    id="app_nudge",
    title={"en": "App nudge", "zh": "App使用提醒"},
    words=("app download", "app提醒"),
    stage="engage",
    kind="app_nudge",
    days={"vip": 35, "reactivated": 35, "discount_sensitive": 29, "first_time": 32},
    phases=("relevance", "lock_in"),
    goods=Goods(rule="category_interest", link="app"),
    why=("app_matters", "faster_checkout"),
)
COMMUNITY_INVITATION = StepTemplate(
    id="community_invitation",
    title={"en": "Community invitation", "zh": "社群邀请"},
    words=("community", "社群", "入群"),
    stage="engage",
    kind="community_invitation",
    phases=("relevance", "lock_in"),
    local_minute=EVENING,
    bucket="community_ugc",
    why=("value_first",),
)
"""In no cohort by default: a shop needs a community first."""
LIBRARY_CONTENT = StepTemplate(
    id="library_content",
    title={"en": "Content for members", "zh": "会员内容"},
    words=("course", "training course", "story", "content library", "课程", "故事", "内容库"),
    stage="engage",
    kind="library_content",
    phases=("stabilise", "relevance", "lock_in"),
    channels=("push", "email"),
    local_minute=EVENING,
    bucket="loyalty_programme",
    why=("value_first", "keeps_balance"),
)
"""In no cohort by default: a shop needs an item of its own first."""
LIBRARY_CONTENT_2 = LIBRARY_CONTENT.model_copy(
    update={
        "id": "library_content_2",
        "title": {"en": "Second content for members", "zh": "会员内容（二）"},
        "words": ("second course", "second story", "第二篇内容"),
    }
)
TEMPLATES = (REFERRAL, APP_NUDGE, COMMUNITY_INVITATION, LIBRARY_CONTENT, LIBRARY_CONTENT_2)
