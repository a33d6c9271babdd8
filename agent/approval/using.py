"""Using an approval: everything it is bound to is read again; what no longer holds makes it void."""

from memory.domain.approval import Approval, ApprovalStatus, ApprovedPlan
from memory.domain.clock import Clock
from memory.domain.errors import NotFound
from memory.store.engine import Store
from memory.store.plans import StoredPlan
from memory.store.unit_of_work import UnitOfWork

from .barred import barred, may_decide
from .errors import NotApproved
from .exhibit import shown_hash


def approved_plan(store: Store, clock: Clock, plan_id: str) -> ApprovedPlan:
    """Give the plan with its approval; the only place that makes an `ApprovedPlan`.

    The content hash, the guardrails in force, the expiry, and the approver's role are read anew. Raise `NotApproved`
    and close the approval where one of them no longer holds.
    """
    with store.unit_of_work() as uow:
        stored = uow.plans.get(plan_id)
        approval = next((each for each in uow.approvals.of_plan(stored.plan.id) if each.status == "approved"), None)
        if approval is None:
            raise NotApproved(plan_id=plan_id[:12], why="nobody approved it")
        problem = _problem(uow, stored, approval, clock)
        if problem is not None:
            status, why = problem
            _close(uow, approval, stored, status, why, clock)
    if problem is not None:
        raise NotApproved(plan_id=plan_id[:12], why=problem[1])
    return ApprovedPlan(plan=stored.plan, approval=approval)


def _problem(
    uow: UnitOfWork, stored: StoredPlan, approval: Approval, clock: Clock
) -> tuple[ApprovalStatus, str] | None:
    if stored.plan.id != approval.plan_id or stored.plan.guardrail_version != approval.guardrail_version:
        return "void", "the content is not what was approved"
    if approval.expires_at <= clock.now():
        return "expired", "the approval has expired"
    if uow.guardrails.current(approval.shop_id).version != approval.guardrail_version:
        return "void", "the guardrails changed since the approval"
    if approval.decided_by in barred(uow, approval):
        return "void", f"{approval.decided_by} touched the content or asked for its approval"
    if approval.shown_hash and approval.shown_hash != shown_hash(uow, stored.plan):
        return "void", "the words of its messages changed since the approval"
    if not _still_approver(uow, approval):
        return "void", f"{approval.decided_by} is no approver any more"
    return None


def _still_approver(uow: UnitOfWork, approval: Approval) -> bool:
    try:
        return may_decide(uow, approval, uow.principals.get(approval.decided_by))
    except NotFound:
        return False


def _close(
    uow: UnitOfWork, approval: Approval, stored: StoredPlan, status: ApprovalStatus, why: str, clock: Clock
) -> None:
    uow.approvals.move(approval.id, "approved", status)
    uow.share_ledger.release(stored.plan.id)
    if stored.status == "approved":
        uow.plans.set_status(stored.plan.id, "draft")
    uow.audit.append("system", f"approval.{status}", f"plan:{stored.plan.id}", clock.now(), {"why": why})
