from datetime import timedelta

import pytest

from agent.approval import decide, request
from memory.domain.clock import ManualClock
from memory.domain.errors import NotFound, NotPermitted, NotReady
from memory.store.engine import Store
from tests.factories.approvals import AVA, MIA, PLAN_ID, requested, with_plan
from tests.factories.planning import guardrails


def test_d1_a_request_is_bound_to_content_guardrails_and_expiry(store: Store, clock: ManualClock) -> None:
    with_plan(store, clock)
    found = requested(store, clock)
    assert (found.plan_id, found.guardrail_version) == (PLAN_ID, guardrails().version)
    assert found.expires_at == clock.now() + timedelta(days=14)
    assert found.touched_by == ("mia",)
    with store.read() as uow:
        assert uow.plans.get(PLAN_ID).status == "waiting"
        assert [entry.action for entry in uow.audit.entries()][-1] == "approval.request"


def test_asking_twice_gives_the_open_request(store: Store, clock: ManualClock) -> None:
    with_plan(store, clock)
    first = requested(store, clock)
    clock.advance(timedelta(hours=1))
    assert requested(store, clock) == first


def test_asking_again_at_the_same_instant_is_a_request_of_its_own(store: Store, clock: ManualClock) -> None:
    with_plan(store, clock)
    first = requested(store, clock)
    decide(store, clock, AVA, first.id, "approve")
    second = requested(store, clock)
    assert second.id != first.id
    with store.read() as uow:
        assert {one.id: one.status for one in uow.approvals.of_plan(PLAN_ID)} == {
            first.id: "approved",
            second.id: "waiting",
        }


def test_who_may_not_submit_asks_for_nothing(store: Store, clock: ManualClock) -> None:
    with_plan(store, clock)
    with pytest.raises(NotPermitted):
        request(store, clock, AVA, PLAN_ID)
    with pytest.raises(NotFound):
        request(store, clock, MIA, "0" * 64)


def test_d1_a_plan_checked_against_older_guardrails_cannot_be_submitted(store: Store, clock: ManualClock) -> None:
    with_plan(store, clock)
    with store.unit_of_work() as uow:
        uow.guardrails.put("nord", guardrails(min_holdout_rate=0.1), "mia", clock.now(), "more")
    with pytest.raises(NotReady, match="guardrails changed"):
        requested(store, clock)
