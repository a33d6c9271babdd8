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


class NotRead(SecondOrderError):
    """Nobody has read the texts for {markets} yet who has to; ask a reader to mark them as read, then approve."""

    http_status = 409


class NoteMissing(SecondOrderError):
    """Sending a plan back needs a note: say what should change, so that its author can amend it and ask again."""

    http_status = 422


class NotApproved(SecondOrderError):
    """Plan {plan_id} may not go: {why}. Request an approval with `secondorder approval request` and have it decided."""

    http_status = 409
