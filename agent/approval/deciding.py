"""Deciding: four eyes, exactly one decision, every attempt on the record."""

from memory.domain.approval import Approval, ApprovalDecision, ApprovalStatus, PlanStatus
from memory.domain.clock import Clock
from memory.domain.errors import NotPermitted, SecondOrderError
from memory.domain.principal import Principal
from memory.faults import fault
from memory.store.engine import Store
from memory.store.unit_of_work import UnitOfWork

from .barred import barred, may_decide
from .errors import AlreadyDecided, NotApproved, NotRead, NotSeen, OwnPlan
from .exhibit import shown_hash
from .periods import periods_for
from .reading import unread
from .share import take_share

BECOMES: dict[ApprovalDecision, tuple[ApprovalStatus, PlanStatus]] = {
    "approve": ("approved", "approved"),
    "send_back": ("sent_back", "draft"),
    "reject": ("rejected", "rejected"),
}
"""What a decision makes of the request and of the plan."""


def decide(
    store: Store,
    clock: Clock,
    principal: Principal,
    approval_id: str,
    decision: ApprovalDecision,
    note: str = "",
    seen_hash: str = "",
    is_staged: bool = False,
) -> Approval:
    """Decide about a request and give it as it then stands; `is_staged` approves a staged release only.

    Raise `NotPermitted` for whoever holds no approver's role, is no deputy it passed to, and for agents, `OwnPlan` for
    everyone who touched or ever submitted the plan, `AlreadyDecided` for all but the first decision, `NotApproved`
    where the request expired, the guardrails or the words of a message changed, `NotSeen` where `seen_hash` is given
    and is not what would be sent, `NotRead` where a market's texts wait for a reader. A refused attempt is on the
    record too.
    """
    with store.unit_of_work() as uow:
        before = uow.approvals.get(approval_id)
        refusal = _refusal(uow, before, principal, clock)
        if refusal is None and seen_hash and seen_hash != before.shown_hash:
            refusal = NotSeen(approval_id=approval_id)
        if refusal is None and decision == "approve":
            markets = unread(uow, uow.plans.get(before.plan_id).plan)
            refusal = NotRead(markets=", ".join(markets)) if markets else None
        if refusal is None:
            refusal = _move(uow, before, principal, clock, decision, note, is_staged)
        if refusal is not None:
            _record(uow, before, principal, clock, "approval.refused", {"decision": decision, "why": refusal.code})
        else:
            detail = _detail(uow, before, principal, note, is_staged)
            _record(uow, before, principal, clock, f"approval.{decision}", detail)
        after = uow.approvals.get(approval_id)
        fault("K10")
    if refusal is not None:
        raise refusal
    return after


def _refusal(uow: UnitOfWork, approval: Approval, principal: Principal, clock: Clock) -> SecondOrderError | None:
    """Why this person may not decide, or why nobody may any more; outdated requests are closed on the way."""
    if not may_decide(uow, approval, principal):
        return NotPermitted(principal=principal.id, permission="approve", shop_id=approval.shop_id)
    if _is_back(uow, approval, principal, clock):
        return NotPermitted(principal=principal.id, permission="approve", shop_id=approval.shop_id)
    if principal.id in barred(uow, approval):
        return OwnPlan(principal=principal.id, plan_id=approval.plan_id[:12])
    if approval.status != "waiting":
        return AlreadyDecided(approval_id=approval.id, status=approval.status)
    if approval.expires_at <= clock.now():
        return _close(uow, approval, "expired", "the request has expired")
    if uow.guardrails.current(approval.shop_id).version != approval.guardrail_version:
        return _close(uow, approval, "void", "the guardrails changed since the request")
    if approval.shown_hash and approval.shown_hash != shown_hash(uow, uow.plans.get(approval.plan_id).plan):
        return _close(uow, approval, "void", "the words of its messages changed since the request")
    return None


def _is_back(uow: UnitOfWork, approval: Approval, principal: Principal, clock: Clock) -> bool:
    """Say whether a deputy's right came from a pre-approved period that does not hold any more."""
    if principal.may("approve", approval.shop_id):
        return False
    passed = uow.approval_passes.to(approval.id, principal.id)
    return bool(passed and passed.period_id) and not any(
        period.id == passed.period_id for period in periods_for(uow, approval.plan_id, clock.now()) if passed
    )


def _close(uow: UnitOfWork, approval: Approval, status: ApprovalStatus, why: str) -> NotApproved:
    uow.approvals.move(approval.id, "waiting", status)
    uow.plans.set_status(approval.plan_id, "draft")
    return NotApproved(plan_id=approval.plan_id[:12], why=why)


def _move(
    uow: UnitOfWork,
    approval: Approval,
    principal: Principal,
    clock: Clock,
    decision: ApprovalDecision,
    note: str,
    is_staged: bool,
) -> SecondOrderError | None:
    if decision == "approve" and not take_share(uow, approval.plan_id):
        return NotApproved(
            plan_id=approval.plan_id[:12],
            why="the plans approved for the same days leave too little of the post-purchase share",
        )
    approval_status, plan_status = BECOMES[decision]
    moved = uow.approvals.move(
        approval.id, "waiting", approval_status, by=principal.id, at=clock.now(), note=note[:2000],
        is_staged=is_staged and decision == "approve",
    )  # fmt: skip
    if not moved:
        return AlreadyDecided(approval_id=approval.id, status="decided")
    _supersede(uow, approval, decision)
    uow.plans.set_status(approval.plan_id, plan_status)
    return None


def _supersede(uow: UnitOfWork, approval: Approval, decision: ApprovalDecision) -> None:
    """Void earlier approvals of the plan: the latest decision counts, or a rejected plan could go by an older one."""
    earlier = [one for one in uow.approvals.of_plan(approval.plan_id) if one.status == "approved"]
    for one in earlier:
        if one.id != approval.id:
            uow.approvals.move(one.id, "approved", "void")
    if decision != "approve" and earlier:
        uow.share_ledger.release(approval.plan_id)


def _detail(uow: UnitOfWork, approval: Approval, principal: Principal, note: str, is_staged: bool) -> dict[str, str]:
    """A deputy's decision names in whose place it fell."""
    detail = {"approval": approval.id, "note": note} | ({"release": "staged"} if is_staged else {})
    passed = None if principal.may("approve", approval.shop_id) else uow.approval_passes.to(approval.id, principal.id)
    return detail | ({"in_place_of": passed.approver} if passed else {})


def _record(
    uow: UnitOfWork, approval: Approval, principal: Principal, clock: Clock, action: str, detail: dict[str, str]
) -> None:
    uow.audit.append(principal.id, action, f"plan:{approval.plan_id}", clock.now(), detail)
