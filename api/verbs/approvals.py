"""Approvals: ask, list, read, decide. Four eyes: nobody who touched a plan decides about it."""

from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from memory.domain.approval import Approval, ApprovalDecision, PlanStatus
from memory.domain.approval_notice import ApprovalNotice, PassedOn
from memory.domain.base import Count, Frozen, Instant
from memory.domain.errors import NotReady
from memory.domain.release import ReleaseRule, ReleaseStage

from .acting import Acting

if TYPE_CHECKING:
    from agent.approval.reading import MarketReading

WhyNot = Literal["", "touched", "no_right", "closed"]
"""Why somebody may not decide: they touched the plan, hold no right to, or it is over; empty where they may."""


class Closed(Frozen):
    """Requests that wait no more."""

    n: Count
    """How many there are."""
    approvals: tuple[Approval, ...]
    """Some of them, newest first."""


class QueueEntry(Frozen):
    """One request in a list."""

    approval: Approval
    """The request."""
    title: str
    """The plan's title."""


class ComingPass(Frozen):
    """To whom a request passes if nobody decides."""

    deputy: str
    """To whom."""
    approver: str
    """In whose place."""
    at: Instant
    """When."""


class Standing(Frozen):
    """A request as it stands for the one who looks."""

    approval: Approval
    """The request."""
    title: str
    """The plan's title."""
    plan_status: PlanStatus
    """Where the plan stands."""
    why_not: WhyNot
    """Why they may not decide; empty where they may."""
    in_place_of: str
    """The approver in whose place they may, as a deputy; empty for approvers."""
    passed: tuple[PassedOn, ...]
    """To whom it passed."""
    coming: tuple[ComingPass, ...]
    """To whom it passes next."""
    notices: tuple[ApprovalNotice, ...]
    """Who was told."""
    stages: tuple[ReleaseStage, ...]
    """The stages of a staged release."""


def request(acting: Acting, plan_id: str) -> Approval:
    """Ask for a plan's approval; gives the open request where there is one."""
    from agent.approval import request as ask

    acting.require("submit")
    with acting.app.store.read() as uow:
        stored = uow.plans.get(plan_id)
    acting.own("plan", plan_id, stored.plan.shop_id)
    return ask(acting.app.store, acting.app.clock, acting.principal, stored.plan.id)


def waiting(acting: Acting) -> tuple[Approval, ...]:
    """List the shop's open requests."""
    acting.require("read")
    with acting.app.store.read() as uow:
        return uow.approvals.waiting(acting.shop_id)


def closed(acting: Acting, limit: int = 50, offset: int = 0) -> Closed:
    """List requests that wait no more, newest first."""
    acting.require("read")
    with acting.app.store.read() as uow:
        found = uow.approvals.closed(acting.shop_id, min(limit, 200), offset)
        return Closed(n=uow.approvals.n_closed(acting.shop_id), approvals=found)


def titled(acting: Acting, found: tuple[Approval, ...]) -> tuple[QueueEntry, ...]:
    """Give requests with their plans' titles."""
    acting.require("read")
    with acting.app.store.read() as uow:
        titles = uow.plans.titles({one.plan_id for one in found})
    return tuple(QueueEntry(approval=one, title=titles.get(one.plan_id, "")) for one in found)


def show(acting: Acting, approval_id: str) -> Approval:
    """Give one request; raises `NotFound`."""
    acting.require("read")
    with acting.app.store.read() as uow:
        found = uow.approvals.get(approval_id)
    acting.own("approval", approval_id, found.shop_id)
    return found


def standing(acting: Acting, approval_id: str) -> Standing:
    """Give a request as it stands for the one who looks: may they decide, to whom it passed, who was told."""
    from agent.approval.barred import barred, may_decide
    from agent.approval.deputies import may_pass

    approval, now = show(acting, approval_id), acting.app.clock.now()
    with acting.app.store.read() as uow:
        plan_status = uow.plans.standing(approval.plan_id)[0]
        title = uow.plans.titles({approval.plan_id})[approval.plan_id]
        why_not: WhyNot = ""
        if approval.status != "waiting" or approval.expires_at <= now:
            why_not = "closed"
        elif acting.principal.id in barred(uow, approval):
            why_not = "touched"
        elif not may_decide(uow, approval, acting.principal):
            why_not = "no_right"
        mine = uow.approval_passes.to(approval.id, acting.principal.id)
        is_approver = acting.principal.may("approve", acting.shop_id)
        passed = uow.approval_passes.of(approval.id)
        coming = tuple(
            ComingPass(
                deputy=rule.deputy,
                approver=rule.approver,
                at=approval.requested_at + timedelta(hours=rule.after_hours),
            )
            for rule in uow.approval_rules.current(acting.shop_id).deputies
            if approval.status == "waiting"
            and rule.deputy not in {one.deputy for one in passed}
            and may_pass(uow, approval, rule)
        )
        return Standing(
            approval=approval,
            title=title,
            plan_status=plan_status,
            why_not=why_not,
            in_place_of=mine.approver if mine and not is_approver else "",
            passed=passed,
            coming=coming,
            notices=uow.approval_notices.of(approval.id),
            stages=_stages(acting),
        )


def readings(acting: Acting, approval_id: str) -> "tuple[MarketReading, ...]":
    """Give whose texts have to be read before the request may be approved, and who read them and when."""
    from agent.approval.reading import readings as found

    approval = show(acting, approval_id)
    with acting.app.store.read() as uow:
        return found(uow, uow.plans.get(approval.plan_id).plan)


def mark_read(acting: Acting, approval_id: str, market: str, texts_hash: str = "") -> "MarketReading":
    """Note that the principal read a market's texts; `texts_hash` is the hash of what they looked at."""
    from agent.approval.reading import mark_read as mark

    show(acting, approval_id)
    return mark(acting.app.store, acting.app.clock, acting.principal, approval_id, market, texts_hash)


def decide(
    acting: Acting,
    approval_id: str,
    decision: ApprovalDecision,
    note: str = "",
    seen_hash: str = "",
    *,
    is_staged: bool = False,
) -> Approval:
    """Approve, send back (with a note) or reject a request, as an approver or a deputy it passed to.

    `seen_hash` is the hash of what they looked at; `is_staged` approves a staged release only.
    """
    from agent.approval import NoteMissing
    from agent.approval import decide as settle

    show(acting, approval_id)
    if decision == "send_back" and not note.strip():
        raise NoteMissing()
    return settle(
        acting.app.store, acting.app.clock, acting.principal, approval_id, decision, note.strip(), seen_hash, is_staged
    )


def _stages(acting: Acting) -> tuple[ReleaseStage, ...]:
    with acting.app.store.read() as uow:
        try:
            rule = uow.guardrails.current(acting.shop_id).release
        except NotReady:
            rule = None
    return (rule or ReleaseRule()).stages
