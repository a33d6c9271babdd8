from agent.approval.barred import barred, holds_right, may_decide
from memory.domain.clock import ManualClock
from memory.store.engine import Store
from tests.factories.approvals import AVA, BOT, MIA
from tests.factories.around_approvals import DAN, a_request


def test_d1_who_touched_or_asked_is_barred_and_roles_decide_the_rest(store: Store, clock: ManualClock) -> None:
    request = a_request(store, clock, touched_by=("ben",))
    with store.read() as uow:
        assert barred(uow, request) == {"mia", "ben"}
        assert [may_decide(uow, request, who) for who in (AVA, MIA, BOT, DAN)] == [True, False, False, False]
        names = ("ava", "ben", "dan", "nobody")
        assert [holds_right(uow, request, who) for who in names] == [True, False, False, False]
