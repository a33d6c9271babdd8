"""Passing on: a request that waited for its hours passes to a deputy, once, on the record; nothing else changes."""

from datetime import timedelta

from memory.domain.approval import Approval
from memory.domain.approval_notice import PassedOn
from memory.domain.approval_rules import Deputy
from memory.domain.clock import Clock
from memory.domain.errors import NotFound
from memory.store.engine import Store
from memory.store.unit_of_work import UnitOfWork

from .barred import barred, holds_right
from .periods import deputies_of


def pass_on(store: Store, clock: Clock) -> tuple[PassedOn, ...]:
    """Pass every request on whose hours are over, or whose approver is away; give those that passed now. Repeatable.

    It does not pass in the place of somebody who may not decide about it themselves, nor to anybody who touched the
    plan, has no role in the shop, is no person, or is an approver anyway.
    """
    now = clock.now()
    with store.read() as uow:
        away = [
            (approval, rule, period.id)
            for approval in uow.approvals.all_waiting()
            if approval.expires_at > now
            for rule, period in deputies_of(uow, approval, now)
            if uow.approval_passes.to(approval.id, rule.deputy) is None and may_pass(uow, approval, rule)
        ]
        due = [
            (approval, rule, "")
            for approval in uow.approvals.all_waiting()
            if approval.expires_at > now
            for rule in uow.approval_rules.current(approval.shop_id).deputies
            if approval.requested_at + timedelta(hours=rule.after_hours) <= now
            and uow.approval_passes.to(approval.id, rule.deputy) is None
            and may_pass(uow, approval, rule)
        ]
    tried = (_pass(store, clock, *one) for one in (*away, *due))
    return tuple(found for found in tried if found is not None)


def may_pass(uow: UnitOfWork, approval: Approval, rule: Deputy) -> bool:
    """Say whether a request may pass by a rule as things stand, whatever its hours."""
    try:
        deputy = uow.principals.get(rule.deputy)
    except NotFound:
        return False
    is_fit = deputy.kind == "human" and deputy.may("read", approval.shop_id)
    is_needed = not deputy.may("approve", approval.shop_id) and rule.deputy not in barred(uow, approval)
    return is_fit and is_needed and holds_right(uow, approval, rule.approver)


def _pass(store: Store, clock: Clock, approval: Approval, rule: Deputy, period_id: str) -> PassedOn | None:
    """Write one pass and its record together; nothing where it was decided or passed meanwhile."""
    found = PassedOn(
        approval_id=approval.id, deputy=rule.deputy, approver=rule.approver, passed_at=clock.now(), period_id=period_id
    )
    with store.unit_of_work() as uow:
        if uow.approvals.get(approval.id).status != "waiting" or not uow.approval_passes.add(found):
            return None
        detail: dict[str, object] = {"approval": approval.id, "deputy": rule.deputy, "approver": rule.approver}
        detail |= {"period": period_id} if period_id else {"hours": rule.after_hours}
        uow.audit.append("system", "approval.pass_on", f"plan:{approval.plan_id}", clock.now(), detail)
    return found
