"""What a notice of a request says: what waits, until when by the reader's clock, and where to look. No figures.

Reach and money stay inside: the message lands with a mail provider or a chat vendor, the page behind it does not.
"""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from memory.domain.approval import Approval
from memory.domain.approval_notice import NoticeKind
from memory.domain.approval_rules import SpokenTo
from tools.notify import Said

TITLES: dict[SpokenTo, dict[NoticeKind, str]] = {
    "en": {
        "waiting": "A plan waits for your decision ({shop})",
        "reading": "Texts wait for you to read them ({shop})",
        "passed": "A plan passed to a deputy ({shop})",
    },
    "zh": {
        "waiting": "有方案等待您审批（{shop}）",
        "reading": "有文案等待您审读（{shop}）",
        "passed": "有方案已转交代理审批人（{shop}）",
    },
}
LINES: dict[SpokenTo, dict[NoticeKind, tuple[str, ...]]] = {
    "en": {
        "waiting": ("{title}", "Asked by {by}.", "It may be decided until {until}."),
        "reading": ("{title}", "It cannot be approved before its texts were read.", "It ends on {until}."),
        "passed": ("{title}", "Nobody decided in time: {deputy} may decide now in place of {approver}.",
                   "It may be decided until {until}."),
    },
    "zh": {
        "waiting": ("{title}", "申请人：{by}。", "审批截止：{until}。"),
        "reading": ("{title}", "文案审读完成之前，方案无法通过审批。", "申请截止：{until}。"),
        "passed": ("{title}", "审批未在规定时间内完成：{deputy} 现可代替 {approver} 作出决定。", "审批截止：{until}。"),
    },
}  # fmt: skip
LINKS: dict[SpokenTo, str] = {"en": "Open the summary", "zh": "打开摘要"}
TESTS: dict[SpokenTo, tuple[str, str, str]] = {
    "en": ("Second Order may write here ({shop})", "Plans of this shop that wait for approval are told here.", "Open"),
    "zh": ("Second Order 已接入本群（{shop}）", "本店铺等待审批的方案将在此通知。", "打开"),
}


class Told(NamedTuple):
    """What is told of."""

    approval: Approval
    """The request."""
    kind: NoticeKind
    """Why."""
    title: str
    """The plan's title."""
    shop: str
    """The shop's name."""
    link: str
    """Where it is decided."""
    in_place_of: str = ""
    """The approver in whose place a deputy may decide."""
    deputy: str = ""
    """The deputy."""


def words_of(told: Told, language: SpokenTo, zone: str) -> Said:
    """Give a notice in a language, its expiry by the zone's clock."""
    holes = {
        "title": told.title,
        "shop": told.shop,
        "by": told.approval.requested_by,
        "until": until(told.approval.expires_at, zone),
        "approver": told.in_place_of,
        "deputy": told.deputy,
    }
    return Said(
        title=TITLES[language][told.kind].format_map(holes),
        lines=tuple(line.format_map(holes) for line in LINES[language][told.kind]),
        link=told.link,
        link_words=LINKS[language],
    )


def trial_words(shop: str, language: SpokenTo, link: str) -> Said:
    """Give what a bot says when it is tried."""
    title, line, words = TESTS[language]
    return Said(title=title.format(shop=shop), lines=(line,), link=link, link_words=words)


def until(at: datetime, zone: str) -> str:
    """Give an instant by a zone's clock, with the zone."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} ({zone})"
