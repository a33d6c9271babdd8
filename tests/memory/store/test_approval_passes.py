from memory.domain.approval_notice import PassedOn
from memory.domain.clock import ManualClock
from memory.store.engine import Store


def test_a_request_passes_to_somebody_once(any_store: Store, clock: ManualClock) -> None:
    passed = PassedOn(approval_id="a1", deputy="dan", approver="ava", passed_at=clock.now())
    with any_store.unit_of_work() as uow:
        assert uow.approval_passes.add(passed)
        assert not uow.approval_passes.add(passed.model_copy(update={"approver": "ben"}))
    with any_store.read() as uow:
        assert uow.approval_passes.to("a1", "dan") == passed
        assert uow.approval_passes.to("a2", "dan") is None
        assert uow.approval_passes.of("a1") == (passed,)
