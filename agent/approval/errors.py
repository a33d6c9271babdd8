"""What can be wrong with a request, a decision, or the use of an approval."""

from memory.domain.errors import SecondOrderError


class OwnPlan(SecondOrderError):
    """{principal} touched or submitted plan {plan_id} and may not decide about it; ask another approver."""

    http_status = 403


class AlreadyDecided(SecondOrderError):
    """The request {approval_id} is {status} already; read it again with `secondorder approval show`."""

    http_status = 409


class NotSeen(SecondOrderError):
    """What you saw of request {approval_id} is not what would be sent now; look at it again before you decide."""

    http_status = 409


class NotApproved(SecondOrderError):
    """Plan {plan_id} may not go: {why}. Request an approval with `secondorder approval request` and have it decided."""

    http_status = 409
