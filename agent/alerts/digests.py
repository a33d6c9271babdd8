"""What came of a pre-approved period, told to the approver by mail when it is over; each period once."""

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from agent.approval.periods import digest_of
from memory.domain.approval_notice import ApprovalNotice
from memory.domain.approval_rules import MailTo, SpokenTo
from memory.domain.market import Shop
from memory.domain.pre_approval import PeriodDigest
from memory.store.unit_of_work import UnitOfWork
from tools.notify import Said

LOOK_BACK = timedelta(days=7)
"""A period that ended earlier is not told any more."""
STOPPED = ("suppressed", "failed")
TITLES: dict[SpokenTo, str] = {
    "en": "What came of {name} ({shop})",
    "zh": "\u201c{name}\u201d期间的汇总（{shop}）",
}
LINES: dict[SpokenTo, tuple[str, ...]] = {
    "en": (
        "The period you approved in advance is over: {starts} to {ends}.",
        "Messages sent: {sent}. Stopped: {stopped}. Unknown: {unknown}. Waiting: {waiting}.",
        "What was decided: {deeds}.",
    ),
    "zh": (
        "您预先批准的期间已结束：{starts} 至 {ends}。",
        "已发送 {sent} 条，已停止 {stopped} 条，结果未知 {unknown} 条，等待中 {waiting} 条。",
        "期间的操作：{deeds}。",
    ),
}
STEPS: dict[SpokenTo, str] = {
    "en": "- {step} ({channel}): {sent} sent, {stopped} stopped{why}",
    "zh": "- {step}（{channel}）：发送 {sent} 条，停止 {stopped} 条{why}",
}
NOTHING: dict[SpokenTo, str] = {"en": "nothing", "zh": "无"}
LINKS: dict[SpokenTo, str] = {"en": "Open the digest", "zh": "打开汇总"}


def plan_digests(uow: UnitOfWork, now: datetime) -> None:
    """Plan a mail for each period that is over, to the approver who granted it, where they have an address."""
    for period in uow.pre_approvals.ended(now, now - LOOK_BACK):
        mails = {mail.principal for mail in uow.approval_rules.current(period.shop_id).mails}
        if period.granted_by in mails:
            way = f"mail:{period.granted_by}"
            uow.approval_notices.plan(f"period:{period.id}", period.shop_id, "digest", way, now)


def needless_digest(uow: UnitOfWork, notice: ApprovalNotice) -> str:
    """Why a digest is not handed off any more, or nothing."""
    known = {f"mail:{mail.principal}" for mail in uow.approval_rules.current(notice.shop_id).mails}
    return "" if notice.way in known else "the way was taken away"


def digest_said(
    uow: UnitOfWork, notice: ApprovalNotice, shop: Shop, mail: MailTo, public_url: str, now: datetime
) -> Said:
    """Give a digest in the reader's language and by their clock: numbers of messages, no people and no money."""
    period = uow.pre_approvals.get(notice.approval_id.removeprefix("period:"))
    digest, language, zone = digest_of(uow, period, now), mail.language, ZoneInfo(mail.zone or shop.zone)
    deeds = Counter(f"{deed.action} ({deed.by})" for deed in digest.deeds)
    holes = {
        "name": period.name,
        "shop": shop.name,
        "starts": f"{period.starts_at.astimezone(zone):%Y-%m-%d %H:%M}",
        "ends": f"{min(period.ends_at, period.revoked_at or period.ends_at).astimezone(zone):%Y-%m-%d %H:%M}",
        "sent": digest.n_of("sent"),
        "stopped": digest.n_of(*STOPPED),
        "unknown": digest.n_of("unknown", "claimed"),
        "waiting": digest.n_of("planned"),
        "deeds": ", ".join(f"{what} x{n}" for what, n in sorted(deeds.items())) or NOTHING[language],
    }
    return Said(
        title=TITLES[language].format_map(holes),
        lines=(*(line.format_map(holes) for line in LINES[language]), *_steps(digest, language)),
        link=f"{public_url}/ui/approvals?view=periods&period={period.id}",
        link_words=LINKS[language],
    )


def _steps(digest: PeriodDigest, language: SpokenTo) -> tuple[str, ...]:
    keys = sorted({(line.step_id, line.channel) for line in digest.lines})
    found = []
    for step, channel in keys:
        own = [line for line in digest.lines if (line.step_id, line.channel) == (step, channel)]
        reasons = sorted({line.reason for line in own if line.state in STOPPED and line.reason})
        found.append(
            STEPS[language].format(
                step=step,
                channel=channel,
                sent=sum(line.n for line in own if line.state == "sent"),
                stopped=sum(line.n for line in own if line.state in STOPPED),
                why=f" ({', '.join(reasons)})" if reasons else "",
            )
        )
    return tuple(found)
