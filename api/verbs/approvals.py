"""Approvals: ask, list, decide. Four eyes: nobody who touched a plan decides about it."""

from memory.domain.approval import Approval, ApprovalDecision

from .acting import Acting


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


def show(acting: Acting, approval_id: str) -> Approval:
    """Give one request; raises `NotFound`."""
    acting.require("read")
    with acting.app.store.read() as uow:
        found = uow.approvals.get(approval_id)
    acting.own("approval", approval_id, found.shop_id)
    return found


def decide(
    acting: Acting, approval_id: str, decision: ApprovalDecision, note: str = "", seen_hash: str = ""
) -> Approval:
    """Approve, send back or reject a request; `seen_hash` is the hash of what the approver looked at."""
    from agent.approval import decide as settle

    acting.require("approve")
    show(acting, approval_id)
    return settle(acting.app.store, acting.app.clock, acting.principal, approval_id, decision, note, seen_hash)
