"""What missions and referrals earned, in words, in English and Chinese."""

from memory.domain.money import Money

from .earned import EarnedTally, OfferEarned, PlanEarned
from .lift_text import ReportLanguage

_WORDS: dict[ReportLanguage, dict[str, str]] = {
    "en": {
        "title": "Earned with “{title}”, read on {as_of}.",
        "none": "The plan rewards no mission, referral or review.",
        "mission": "{offer}: mission, {valid_from} – {valid_until}, order from {min_spend}, {n_could} people take part",
        "referral": (
            "{offer}: referral, {valid_from} – {valid_until}, friend's order from {min_spend}, "
            "{n_could} people take part"
        ),
        "review": "{offer}: review with a photo, {valid_from} – {valid_until}, {n_could} people take part",
        "reviews": "{n_uses} people reviewed: {points} points, worth {amount}",
        "no_new": "No article of the catalogue is dated as new in this window: nobody can view new goods.",
        "nothing": "Nothing yet.",
        "points": "{n_uses} missions of {n_people} people: {points} points, worth {amount}",
        "money": "{n_uses} referrals, {n_people} people: {amount}",
        "earned": "earned", "clawed_back": "taken back", "blocked": "blocked",
        "rule": (
            "Days are the shop's own. An order counts with its goods after discounts, without tax and shipping, and "
            "has to reach the sum alone. Orders in other currencies are converted at the newest rate on or before the "
            "order's UTC day, refunds at the same rate."
        ),
    },
    "zh": {
        "title": "“{title}”的奖励结果，读取于 {as_of}。",
        "none": "该计划没有任务、推荐或评价奖励。",
        "mission": "{offer}：任务，{valid_from} 至 {valid_until}，单笔订单满 {min_spend}；{n_could} 人参与",
        "referral": "{offer}：推荐，{valid_from} 至 {valid_until}，好友单笔订单满 {min_spend}；{n_could} 人参与",
        "review": "{offer}：带图评价，{valid_from} 至 {valid_until}；{n_could} 人参与",
        "reviews": "{n_uses} 人发表带图评价：{points} 积分，价值 {amount}",
        "no_new": "商品目录中没有标注为此期间新品的商品：无人能完成“浏览新品”。",
        "nothing": "暂无。",
        "points": "{n_people} 人完成 {n_uses} 次任务：{points} 积分，价值 {amount}",
        "money": "{n_uses} 次推荐，{n_people} 人：{amount}",
        "earned": "已获得", "clawed_back": "已收回", "blocked": "已拒绝",
        "rule": (
            "日期按店铺所在时区。订单只计折后商品金额，不含税费和运费，且须单笔达标。"
            "其他币种的订单按下单当日（UTC）或之前最近的汇率换算，退款用同一汇率。"
        ),
    },
}  # fmt: skip
REASONS: dict[ReportLanguage, dict[str, str]] = {
    "en": {
        "refunded": "the order was refunded below the sum",
        "cancelled": "the order was cancelled",
        "self_referral": "recommended themselves",
        "same_household": "friend lives in the same household",
        "not_new": "friend had bought before",
        "already_referred": "somebody else had recommended first",
        "household_rewarded": "a friend of that household was rewarded before",
        "uses_used_up": "the referrer's uses are used up",
        "budget_used_up": "the offer's uses are used up",
        "not_bought": "no purchase is left",
    },
    "zh": {
        "refunded": "退款后金额不足",
        "cancelled": "订单已取消",
        "self_referral": "推荐了自己",
        "same_household": "好友属于同一家庭",
        "not_new": "好友此前已购买过",
        "already_referred": "他人推荐在先",
        "household_rewarded": "该家庭已有好友获奖",
        "uses_used_up": "推荐人次数已用完",
        "budget_used_up": "活动名额已用完",
        "not_bought": "没有有效购买",
    },
}


def render_earned(found: PlanEarned, language: ReportLanguage = "en") -> str:
    """Give the report as plain lines, with the rules by which it counts."""
    words = _WORDS[language]
    lines = [words["title"].format(title=found.title, as_of=f"{found.as_of:%Y-%m-%d %H:%M} UTC")]
    for offer in found.offers:
        lines += ["", *_offer(offer, found.currency, language)]
    return "\n".join([*lines, "", words["rule"] if found.offers else words["none"]])


def _offer(offer: OfferEarned, currency: str, language: ReportLanguage) -> list[str]:
    words = _WORDS[language]
    head = words[offer.kind].format(
        offer=offer.offer_id,
        valid_from=offer.valid_from,
        valid_until=offer.valid_until,
        min_spend=offer.min_spend,
        n_could=f"{offer.n_could:,}",
    )
    lines = [head] + ([f"  {words['no_new']}"] if offer.n_new_goods == 0 else [])
    return lines + ([_tally(tally, offer, currency, language) for tally in offer.tallies] or [f"  {words['nothing']}"])


def _tally(tally: EarnedTally, offer: OfferEarned, currency: str, language: ReportLanguage) -> str:
    words = _WORDS[language]
    figures = words[{"mission": "points", "review": "reviews"}.get(offer.kind, "money")].format(
        n_uses=f"{tally.n_uses:,}",
        n_people=f"{tally.n_people:,}",
        points=f"{tally.points:,}",
        amount=Money(amount_minor=tally.amount_minor, currency=currency),
    )
    why = f" ({REASONS[language][tally.reason]})" if tally.reason else ""
    return f"  {words[tally.status]}{why}: {figures}"
