"""Telling of requests: what waits for a decision, for a reader or for a deputy, by mail and by bots, each way once.

A notice is a row: planned in one transaction, claimed in the next, handed off between two, ended in a third. A crash
in the hand-off leaves it `unknown`: it is shown and not repeated.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog

from agent.approval.barred import barred, may_decide
from agent.approval.reading import readings
from agent.monday.telling import notice_subject
from memory.domain.approval import Approval
from memory.domain.approval_notice import ApprovalNotice, NoticeKind
from memory.domain.approval_rules import ApprovalRules
from memory.domain.errors import NotFound, SecondOrderError
from memory.domain.message import Accepted, Ambiguous, HandOff, Refused
from memory.store.unit_of_work import UnitOfWork

from .digests import needless_digest, plan_digests
from .request_ways import NoWay, hand_off

if TYPE_CHECKING:
    from agent.assembly import App

MAX_TRIES = 8
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
LOG = structlog.get_logger("second_order.requests")
Planned = tuple[NoticeKind, str]


def tell_requests(app: "App") -> int:
    """Plan what people are to hear of, hand off what is due, and give how many notices were taken. Safe to repeat."""
    now = app.clock.now()
    with app.store.read() as uow:
        wanted = [(approval, tuple(_wanted(uow, approval, now))) for approval in uow.approvals.all_waiting()]
    with app.store.unit_of_work() as uow:
        if n_cut := uow.approval_notices.cut_short(now):
            LOG.warning("approval_notices_unknown", n=n_cut)
        for approval, notices in wanted:
            for kind, way in notices:
                uow.approval_notices.plan(approval.id, approval.shop_id, kind, way, now)
        plan_digests(uow, now)
    with app.store.read() as uow:
        due = uow.approval_notices.due(now)
    return sum(_tell(app, notice) for notice in due)


def _wanted(uow: UnitOfWork, approval: Approval, now: datetime) -> Iterator[Planned]:
    """Give the notices of a request: to approvers and bots, to readers of its markets, to whom it passed."""
    if approval.expires_at <= now:
        return
    rules = uow.approval_rules.current(approval.shop_id)
    passed = uow.approval_passes.of(approval.id)
    for bot in rules.bots:
        yield "waiting", f"bot:{bot.name}"
        if passed:
            yield "passed", f"bot:{bot.name}"
    yield from (("waiting", f"mail:{who}") for who in _approvers(uow, approval, rules))
    yield from (("passed", f"mail:{one.deputy}") for one in passed if _has_mail(rules, one.deputy))
    yield from (("reading", f"mail:{who}") for who in _readers(uow, approval, rules))


def _approvers(uow: UnitOfWork, approval: Approval, rules: ApprovalRules) -> Iterator[str]:
    out = barred(uow, approval) if rules.mails else frozenset()
    for mail in rules.mails:
        try:
            who = uow.principals.get(mail.principal)
        except NotFound:
            continue
        if who.may("approve", approval.shop_id) and who.id not in out:
            yield who.id


def _readers(uow: UnitOfWork, approval: Approval, rules: ApprovalRules) -> Iterator[str]:
    """Texts are worded only while a reader was not told: that takes a good part of a second."""
    told = {notice.way for notice in uow.approval_notices.of(approval.id) if notice.kind == "reading"}
    mailed = {mail.principal for mail in rules.mails if f"mail:{mail.principal}" not in told}
    if not mailed & {reader for rule in rules.readers for reader in rule.readers}:
        return
    waiting = [one for one in readings(uow, uow.plans.get(approval.plan_id).plan) if one.read is None]
    yield from sorted({reader for one in waiting for reader in one.readers} & mailed - barred(uow, approval))


def _has_mail(rules: ApprovalRules, principal_id: str) -> bool:
    return any(mail.principal == principal_id for mail in rules.mails)


def _tell(app: "App", notice: ApprovalNotice) -> bool:
    """Claim a notice, hand it off and write down what became of it; false where it was not taken."""
    with app.store.unit_of_work() as uow:
        if why := _needless(uow, notice, app.clock.now()):
            uow.approval_notices.drop(notice, why)
            return False
        if not uow.approval_notices.claim(notice, app.clock.now()):
            return False
    found = _safely(lambda: hand_off(app, notice))
    now = app.clock.now()
    with app.store.unit_of_work() as uow:
        if isinstance(found, Accepted):
            uow.approval_notices.end(notice, "told", now, next_at=now)
        elif isinstance(found, Ambiguous):
            uow.approval_notices.end(notice, "unknown", now, reason=found.reason, next_at=now)
        elif found.is_retryable and notice.n_tries + 1 < MAX_TRIES:
            wait = max(_wait(notice.n_tries), timedelta(seconds=found.after_seconds or 0))
            uow.approval_notices.end(notice, "planned", now, reason=found.reason, next_at=now + wait)
        else:
            uow.approval_notices.end(notice, "failed", now, reason=found.reason, next_at=now)
    if not isinstance(found, Accepted):
        LOG.warning("approval_notice_not_taken", way=notice.way.partition(":")[0], verdict=found.kind)
    return isinstance(found, Accepted)


def _needless(uow: UnitOfWork, notice: ApprovalNotice, now: datetime) -> str:
    """Why a notice is not handed off any more, or nothing."""
    if notice.kind == "monday":
        return _late_card(uow, notice, now)
    if notice.kind == "digest":
        return needless_digest(uow, notice)
    approval = uow.approvals.get(notice.approval_id)
    if approval.status != "waiting" or approval.expires_at <= now:
        return "nobody waits any more"
    kind, _, name = notice.way.partition(":")
    rules = uow.approval_rules.current(notice.shop_id)
    known = {bot.name for bot in rules.bots} if kind == "bot" else {mail.principal for mail in rules.mails}
    if name not in known:
        return "the way was taken away"
    if notice.kind == "passed" and kind == "mail":
        try:
            is_theirs = may_decide(uow, approval, uow.principals.get(name))
        except NotFound:
            is_theirs = False
        return "" if is_theirs else "they may not decide any more"
    return ""


def _late_card(uow: UnitOfWork, notice: ApprovalNotice, now: datetime) -> str:
    """A card is about its day: what no bot took by the end of the shop's Monday is not told on Tuesday."""
    local = now.astimezone(ZoneInfo(uow.shops.get(notice.shop_id).zone))
    if notice.approval_id != notice_subject(notice.shop_id, local):
        return "its Monday is over"
    known = {f"bot:{bot.name}" for bot in uow.approval_rules.current(notice.shop_id).bots}
    return "" if notice.way in known else "the way was taken away"


def _safely(work: Callable[[], HandOff]) -> HandOff:
    """What cannot be set up (a secret without its key) is a refusal, not the end of the round."""
    try:
        return work()
    except NoWay as error:
        return Refused(reason=str(error), is_retryable=False)
    except SecondOrderError as error:
        return Refused(reason=error.code, is_retryable=True)


def _wait(n_tries: int) -> timedelta:
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << n_tries))
