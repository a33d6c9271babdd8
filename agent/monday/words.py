"""The Monday card in words, English and Chinese."""

from typing import Literal
from zoneinfo import ZoneInfo

from memory.domain.money import Money
from tools.notify import Said

from .card import MondayCard, NeededDecision

CardLanguage = Literal["en", "zh"]

TITLES: dict[CardLanguage, dict[str, str]] = {
    "en": {
        "approve": "Decide about “{title}”",
        "amend": "Decide about a change of a live plan",
        "release": "Let “{title}” reach more people, or stop it",
        "settle": "Settle {n} messages of which nobody knows whether they left",
        "redemptions": "Look at how the codes of “{title}” are redeemed ({n} alarms)",
        "submit": "Hand in the draft “{title}”, or drop it",
        "draft": "No plan is under way: draft the next one",
    },
    "zh": {
        "approve": "审批“{title}”",
        "amend": "审批一项对执行中方案的修改",
        "release": "让“{title}”触达更多人，或将其停止",
        "settle": "确认 {n} 条去向不明的消息",
        "redemptions": "查看“{title}”的优惠码使用情况（{n} 项异常）",
        "submit": "提交草案“{title}”，或放弃它",
        "draft": "目前没有方案在进行：起草下一个方案",
    },
}
STAKES: dict[CardLanguage, dict[str, str]] = {
    "en": {
        "assumed": "{at_stake} at stake ({low} to {high}, 90 % range; assumed, not measured)",
        "measured": "{at_stake} at stake ({low} to {high}, 90 % range; by measured effects)",
        "counted": "No money is counted for it.",
        "counted_money": "{at_stake} at stake, counted on orders",
        "until": "until {until}",
        "nothing": "Nothing needs you.",
        "more": "{n} more wait behind these.",
    },
    "zh": {
        "assumed": "涉及 {at_stake}（90% 区间 {low} 至 {high}；为假设，未经衡量）",
        "measured": "涉及 {at_stake}（90% 区间 {low} 至 {high}；依据已衡量的效果）",
        "counted": "没有可计算的金额。",
        "counted_money": "涉及 {at_stake}（按订单统计）",
        "until": "截止 {until}",
        "nothing": "目前没有需要您处理的事。",
        "more": "其后还有 {n} 项在等待。",
    },
}

BOT: dict[CardLanguage, tuple[str, str]] = {
    "en": ("This week at {shop}", "Open the card"),
    "zh": ("{shop} 本周待办", "打开卡片"),
}
"""What a bot says above the card, and the words of its link."""


def title_of(one: NeededDecision, language: CardLanguage) -> str:
    """Say in a sentence what is to be decided."""
    return TITLES[language][one.kind].format(title=one.title, n=one.n)


def stake_of(one: NeededDecision, language: CardLanguage, zone: str) -> str:
    """Say what depends on it, how certain that is, and until when."""
    words = STAKES[language]
    name: str = one.certainty if one.at_stake else "counted"
    name = "counted_money" if one.at_stake and one.certainty == "counted" else name
    said = words[name].format(at_stake=_sum(one.at_stake), low=_sum(one.low), high=_sum(one.high))
    return said + _until(one, language, zone)


def _until(one: NeededDecision, language: CardLanguage, zone: str) -> str:
    if one.until is None:
        return ""
    until = f"{one.until.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} ({zone})"
    return f" · {STAKES[language]['until'].format(until=until)}"


def card_lines(card: MondayCard, language: CardLanguage, zone: str, public_url: str) -> tuple[str, ...]:
    """Give the card as lines for a mail or a chat, each decision with its link."""
    words = STAKES[language]
    lines: list[str] = []
    for number, one in enumerate(card.decisions, 1):
        lines += [f"{number}. {title_of(one, language)}", f"   {stake_of(one, language, zone)}"]
        lines.append(f"   {public_url.rstrip('/')}{one.address}")
    if not lines:
        return (words["nothing"],)
    if card.n_more:
        lines.append(words["more"].format(n=card.n_more))
    return tuple(lines)


def card_said(card: MondayCard, language: CardLanguage, zone: str, shop: str, public_url: str) -> Said:
    """Give the card for a group's bot: what is to be decided and until when. Figures would lie with a vendor."""
    words = STAKES[language]
    lines = [
        f"{number}. {title_of(one, language)}{_until(one, language, zone)}"
        for number, one in enumerate(card.decisions, 1)
    ] or [words["nothing"]]
    if card.n_more:
        lines.append(words["more"].format(n=card.n_more))
    title, link = BOT[language]
    return Said(
        title=title.format(shop=shop), lines=tuple(lines), link=f"{public_url.rstrip('/')}/ui/", link_words=link
    )


def _sum(money: Money | None) -> str:
    return str(money) if money else "-"
