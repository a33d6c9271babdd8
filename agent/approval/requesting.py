"""Asking for approval: the request is bound to the content hash, the guardrails in force and an expiry."""

from datetime import timedelta

from memory.domain.approval import Approval
from memory.domain.canonical import content_hash
from memory.domain.clock import Clock
from memory.domain.errors import NotReady
from memory.domain.principal import Principal
from memory.store.engine import Store
from memory.store.plans import StoredPlan
from memory.store.unit_of_work import UnitOfWork

from .exhibit import shown_hash


def request(store: Store, clock: Clock, principal: Principal, plan_id: str) -> Approval:
    """Ask for a plan's approval and give the request; the one that is open already where there is one.

    Raise `NotFound`, `NotPermitted`, or `NotReady` where the plan is no draft or the guardrails have changed.
    """
    with store.unit_of_work() as uow:
        stored = uow.plans.get(plan_id)
        principal.require("submit", stored.plan.shop_id)
        open_request = _open_request(uow, stored, clock)
        if open_request is not None:
            return open_request
        guardrails = uow.guardrails.current(stored.plan.shop_id)
        _require_fresh(stored, guardrails.version)
        now, n_before = clock.now(), len(uow.approvals.of_plan(stored.plan.id))
        approval = Approval(
            id="a" + content_hash([stored.plan.id, principal.id, now.isoformat(), n_before])[:24],
            shop_id=stored.plan.shop_id,
            plan_id=stored.plan.id,
            guardrail_version=guardrails.version,
            requested_by=principal.id,
            requested_at=now,
            expires_at=now + timedelta(days=guardrails.approval_valid_days),
            touched_by=stored.touched_by,
            shown_hash=shown_hash(uow, stored.plan),
            status="waiting",
        )
        uow.approvals.add(approval)
        uow.plans.set_status(stored.plan.id, "waiting")
        uow.audit.append(
            principal.id,
            "approval.request",
            f"plan:{stored.plan.id}",
            now,
            {"approval": approval.id, "guardrails": guardrails.version, "expires_at": approval.expires_at.isoformat()},
        )
        return approval


def _open_request(uow: UnitOfWork, stored: StoredPlan, clock: Clock) -> Approval | None:
    for approval in uow.approvals.of_plan(stored.plan.id):
        if approval.status == "waiting" and approval.expires_at > clock.now():
            return approval
    return None


def _require_fresh(stored: StoredPlan, guardrail_version: str) -> None:
    name = f"plan {stored.plan.id[:12]}"
    if stored.status not in ("draft", "waiting", "approved"):
        raise NotReady(what=name, why=f"it is {stored.status}", remedy="Draft a new one with `secondorder plan draft`")
    if stored.plan.guardrail_version != guardrail_version:
        raise NotReady(
            what=name, why="the guardrails changed since it was checked", remedy="Draft it again against the new ones"
        )
