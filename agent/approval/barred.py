"""Who may decide about a request: an approver or, once it passed to them, a deputy; never who touched the plan."""

from memory.domain.approval import Approval
from memory.domain.errors import NotFound
from memory.domain.principal import Principal
from memory.store.unit_of_work import UnitOfWork

from .askers import askers


def barred(uow: UnitOfWork, approval: Approval) -> frozenset[str]:
    """Give the ids of all who touched the content or asked for its approval: none of them may decide about it."""
    touched = uow.plans.standing(approval.plan_id)[1]
    return frozenset({*askers(uow, approval.plan_id), *approval.touched_by, *touched})


def may_decide(uow: UnitOfWork, approval: Approval, principal: Principal) -> bool:
    """Say whether somebody holds the right to decide: the role, or a request that passed to them.

    A deputy's right is the approver's: it ends when the approver loses theirs, touched the content or asked for it. An
    agent has none. A token that is limited to other permissions has none either.
    """
    if principal.may("approve", approval.shop_id):
        return True
    passed = uow.approval_passes.to(approval.id, principal.id)
    if passed is None or principal.kind != "human" or (principal.scopes and "approve" not in principal.scopes):
        return False
    return principal.may("read", approval.shop_id) and holds_right(uow, approval, passed.approver)


def holds_right(uow: UnitOfWork, approval: Approval, approver_id: str) -> bool:
    """Say whether somebody is an approver now who neither touched the content nor asked for its approval."""
    try:
        approver = uow.principals.get(approver_id)
    except NotFound:
        return False
    return approver.may("approve", approval.shop_id) and approver_id not in barred(uow, approval)
