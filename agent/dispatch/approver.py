"""Whether who approved a plan still may: an approver, or a deputy whose approver still is one."""

from memory.domain.approval import Approval
from memory.domain.errors import NotFound
from memory.store.unit_of_work import UnitOfWork


def still_approver(uow: UnitOfWork, approval: Approval) -> bool:
    """Say whether the approver holds the right by the roles of now; touching the content is looked at by the caller."""
    try:
        who = uow.principals.get(approval.decided_by)
        if who.may("approve", approval.shop_id):
            return True
        passed = uow.approval_passes.to(approval.id, who.id)
        if passed is None or who.kind != "human" or not who.may("read", approval.shop_id):
            return False
        return uow.principals.get(passed.approver).may("approve", approval.shop_id)
    except NotFound:
        return False
