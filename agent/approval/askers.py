"""Who stands on the author's side of a plan's content by having asked for its approval."""

from memory.store.unit_of_work import UnitOfWork


def askers(uow: UnitOfWork, plan_id: str) -> set[str]:
    """Give the ids of all who ever asked for an approval of this content, in any request.

    An approver who later asks anew for what they approved has changed sides: their approval no longer counts.
    """
    return {approval.requested_by for approval in uow.approvals.of_plan(plan_id)}
