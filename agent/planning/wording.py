"""Words for codes: reasons, cohorts, phases, templates, offers; in Chinese and English."""

from collections.abc import Iterable

from .catalogue import template_of

WHY: dict[str, dict[str, str]] = {
    "sent_by_shop": {
        "en": "the shop sends it already; the plan counts it as present", "zh": "店铺系统已发送，方案只计为已有"},
    "sent_by_esp": {
        "en": "the shop's mail tool sends it; the plan counts it as present", "zh": "由邮件工具发送，方案只计为已有"},
    "sent_per_order": {
        "en": "it is sent once per order or parcel, outside of plans", "zh": "按订单或包裹逐一发送，不属于方案"},
    "five_step_flow": {
        "en": "it is one of the five steps from receipt to repeat purchase", "zh": "属于从收货到复购的五步流程"},
    "value_first": {"en": "it gives value without asking for a purchase", "zh": "先给价值，不求立即回报"},
    "trust_is_highest": {"en": "trust is highest right after the purchase", "zh": "刚买完时信任最高"},
    "first_order": {"en": "first-time buyers need to get to know goods and shop", "zh": "首单客户需要先了解产品和店铺"},
    "after_delivery": {"en": "it waits until the parcel has arrived", "zh": "等包裹送达后再发"},
    "after_some_use": {"en": "it waits until the goods were in use for a while", "zh": "等用过一段时间再发"},
    "asks_for_voice": {"en": "it asks for an opinion, not for money", "zh": "请客户发声，而不是要钱"},
    "keeps_balance": {"en": "it keeps the balance of care and promotion", "zh": "保持关怀与促销的平衡"},
    "review_week": {
        "en": "the last days are for reading results and the next plan", "zh": "最后几天用于复盘和下一轮计划"},
    "rewards_loyalty": {"en": "it rewards loyal buyers with access or points", "zh": "用优先权或积分回馈忠诚客户"},
    "keeps_margin": {"en": "it gives no margin away", "zh": "不损失毛利"},
    "keeps_price": {"en": "it leaves the price as it is", "zh": "不动价格"},
    "after_recent_buyer_window": {
        "en": "it waits until the days after the last order are over", "zh": "等近期购买保护期过后再发"},
    "no_deep_discount": {"en": "points are offered instead of a deep discount", "zh": "用积分而不是深度折扣"},
    "no_wide_discount": {"en": "it needs no wide discount", "zh": "不依赖大范围折扣"},
    "no_broad_promotion": {"en": "it follows interests instead of promoting broadly", "zh": "跟随兴趣，不做大范围促销"},
    "interest_shown": {"en": "people showed interest by looking or buying", "zh": "客户用浏览或购买表明了兴趣"},
    "cart_left_behind": {"en": "something was put in a cart and not ordered", "zh": "加购后没有下单"},
    "really_changed": {
        "en": "it goes only where the price really fell or the article really came back",
        "zh": "只在价格真的下降或商品真的到货时发送"},
    "category_not_article": {
        "en": "it speaks of a category, not of one abandoned article", "zh": "围绕品类，不追单个商品"},
    "fits_what_was_bought": {"en": "it fits what was bought", "zh": "与已购商品搭配"},
    "runs_out_about_now": {"en": "what was bought runs out about now", "zh": "所购商品大约此时用完"},
    "second_order_window": {
        "en": "the second order is won in the first weeks or not at all", "zh": "第二单的窗口就在最初几周"},
    "absolute_value": {"en": "an absolute sum is clearer than a percentage", "zh": "具体金额比百分比更清楚"},
    "brings_back_in_january": {"en": "it brings people back in January", "zh": "在一月把客户带回来"},
    "high_margin_goods": {"en": "it is held to goods of high margin", "zh": "限定在高毛利商品"},
    "easy_to_control": {"en": "its cost is easier to control than a discount", "zh": "成本比折扣更好控制"},
    "last_choice": {"en": "a discount is the last choice", "zh": "折扣是最后选择"},
    "playful": {"en": "a mission is played, not sold", "zh": "任务玩法，而不是推销"},
    "wins_new_buyers": {"en": "happy buyers bring new ones", "zh": "满意客户带来新客户"},
    "app_matters": {"en": "the brief says that the app matters", "zh": "需求中说明App重要"},
    "faster_checkout": {"en": "the app makes the checkout faster", "zh": "App结账更快"},
    "seasonal_reason": {"en": "the season gives a reason to write", "zh": "时令给了联系的理由"},
    "browse_back": {"en": "it leads back to what was looked at last", "zh": "回到上次浏览的地方"},
    "after_holiday": {"en": "it waits until its market's holiday is over", "zh": "等该市场的假期结束后再发"},
    "moved_by_marketer": {"en": "you set the day by hand", "zh": "日期由您手动设定"},
}  # fmt: skip
"""Reason codes of templates and offers."""

COHORT: dict[str, dict[str, str]] = {
    "vip": {"en": "VIP", "zh": "VIP"},
    "reactivated": {"en": "Reactivated", "zh": "回流客户"},
    "discount_sensitive": {"en": "Discount-sensitive", "zh": "价格敏感客户"},
    "first_time": {"en": "First-time", "zh": "首单客户"},
}
OFFER: dict[str, dict[str, str]] = {
    "early_access": {"en": "early access", "zh": "优先购买"},
    "free_shipping": {"en": "free shipping", "zh": "免运费"},
    "gift_with_purchase": {"en": "gift with purchase", "zh": "满赠"},
    "mission_points": {"en": "mission points", "zh": "任务积分"},
    "points_multiple": {"en": "points multiple", "zh": "多倍积分"},
    "referral_reward": {"en": "referral reward", "zh": "推荐奖励"},
    "review_points": {"en": "review points", "zh": "评价积分"},
    "store_credit": {"en": "store credit", "zh": "店铺抵用金"},
}
BUCKET: dict[str, dict[str, str]] = {
    "loyalty_programme": {"en": "Budget for loyalty", "zh": "忠诚计划预算"},
    "automation": {"en": "Budget for automation", "zh": "自动化预算"},
    "referral": {"en": "Budget for referral", "zh": "推荐预算"},
    "community_ugc": {"en": "Budget for community", "zh": "社区与用户内容预算"},
}
PHASE: dict[str, dict[str, str]] = {
    "stabilise": {"en": "weeks 1-2, stabilise", "zh": "第1-2周·稳定"},
    "relevance": {"en": "weeks 3-6, relevance", "zh": "第3-6周·相关"},
    "lock_in": {"en": "weeks 7-12, lock in", "zh": "第7-12周·锁定"},
    "review": {"en": "review week", "zh": "复盘周"},
}


def why_in_words(codes: Iterable[str], language: str) -> str:
    """Give reason codes as one list of clauses; an unknown code is shown as it is."""
    clauses = [pick(WHY.get(code, {}), language, code) for code in codes]
    return ("；" if language == "zh" else "; ").join(clauses)


def words_of_cohort(cohort: str, language: str) -> str:
    """Give a cohort's name."""
    return pick(COHORT.get(cohort, {}), language, cohort)


def template_title(template_id: str, language: str) -> str:
    """Give a step template's title."""
    template = template_of(template_id)
    return template_id if template is None else pick(template.title, language, template_id)


def pick(words: dict[str, str], language: str, fallback: str) -> str:
    """Give the words in `zh` or else in `en`."""
    return words.get("zh" if language == "zh" else "en", fallback)


def of_list(values: Iterable[str]) -> str:
    """Give values separated by commas."""
    return ", ".join(values)
