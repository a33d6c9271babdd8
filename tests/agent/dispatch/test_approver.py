from agent.approval import decide
from agent.dispatch.approver import still_approver
from memory.domain.clock import ManualClock
from memory.domain.principal import Grant
from memory.store.engine import Store
from tests.factories.approvals import AVA, requested, with_plan


def test_d1_an_approval_stands_while_who_gave_it_is_an_approver(store: Store, clock: ManualClock) -> None:
    with_plan(store, clock)
    done = decide(store, clock, AVA, requested(store, clock).id, "approve")
    with store.read() as uow:
        assert still_approver(uow, done)
        assert not still_approver(uow, done.model_copy(update={"decided_by": "nobody"}))
        assert not still_approver(uow, done.model_copy(update={"decided_by": "bot"}))
    with store.unit_of_work() as uow:
        uow.principals.revoke("ava", Grant(shop_id="nord", role="approver"))
        assert not still_approver(uow, done)
