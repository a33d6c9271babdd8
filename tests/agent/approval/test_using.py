from datetime import timedelta

import pytest

from agent.approval import NotApproved, approved_plan, decide, request
from agent.approval.errors import OwnPlan
from memory.domain.clock import ManualClock
from memory.domain.principal import Grant
from memory.store.engine import Store
from memory.store.plans import PlanAltered, PlanRow
from tests.factories.approvals import AVA, PLAN_ID, person, requested, with_plan
from tests.factories.planning import guardrails
from tests.factories.plans import good_plan


def approve(store: Store, clock: ManualClock) -> str:
    with_plan(store, clock)
    request_id = requested(store, clock).id
    decide(store, clock, AVA, request_id, "approve")
    return request_id


def status(store: Store, request_id: str) -> str:
    with store.read() as uow:
        return uow.approvals.get(request_id).status


def test_i7_an_approved_plan_goes_with_its_approval(store: Store, clock: ManualClock) -> None:
    approve(store, clock)
    found = approved_plan(store, clock, PLAN_ID)
    assert found.plan == good_plan()
    assert found.approval.decided_by == "ava"


def test_i7_a_plan_nobody_approved_does_not_go(store: Store, clock: ManualClock) -> None:
    with_plan(store, clock)
    with pytest.raises(NotApproved, match="nobody approved"):
        approved_plan(store, clock, PLAN_ID)


def test_d1_an_approval_expires(store: Store, clock: ManualClock) -> None:
    request_id = approve(store, clock)
    clock.advance(timedelta(days=14))
    with pytest.raises(NotApproved, match="expired"):
        approved_plan(store, clock, PLAN_ID)
    assert status(store, request_id) == "expired"


def test_d1_new_guardrails_void_an_approval(store: Store, clock: ManualClock) -> None:
    request_id = approve(store, clock)
    with store.unit_of_work() as uow:
        uow.guardrails.put("nord", guardrails(min_holdout_rate=0.06), "mia", clock.now(), "stricter")
    with pytest.raises(NotApproved, match="guardrails changed"):
        approved_plan(store, clock, PLAN_ID)
    assert status(store, request_id) == "void"


def test_d1_an_approver_who_lost_the_role_voids_the_approval(store: Store, clock: ManualClock) -> None:
    request_id = approve(store, clock)
    with store.unit_of_work() as uow:
        uow.principals.revoke("ava", Grant(shop_id="nord", role="approver"))
    with pytest.raises(NotApproved, match="no approver any more"):
        approved_plan(store, clock, PLAN_ID)
    assert status(store, request_id) == "void"


def test_d1_an_approver_who_touches_it_afterwards_voids_the_approval(store: Store, clock: ManualClock) -> None:
    request_id = approve(store, clock)
    with store.unit_of_work() as uow:
        uow.plans.put(good_plan(), "ava", (), clock.now())
    with pytest.raises(NotApproved, match="touched the content"):
        approved_plan(store, clock, PLAN_ID)
    assert status(store, request_id) == "void"


def test_d1_an_approver_who_asks_anew_for_what_they_approved_voids_the_approval(
    store: Store, clock: ManualClock
) -> None:
    request_id = approve(store, clock)
    request(store, clock, person("ava", "approver", "marketer"), PLAN_ID)
    with pytest.raises(NotApproved, match="asked for its approval"):
        approved_plan(store, clock, PLAN_ID)
    assert status(store, request_id) == "void"


def test_d1_whoever_asked_once_may_not_decide_a_later_request_of_somebody_else(
    store: Store, clock: ManualClock
) -> None:
    with_plan(store, clock)
    request(store, clock, person("ava", "approver", "marketer"), PLAN_ID)
    clock.advance(timedelta(days=14))
    later = requested(store, clock)
    assert later.requested_by == "mia"
    with pytest.raises(OwnPlan):
        decide(store, clock, AVA, later.id, "approve")


def test_d1_any_change_is_another_plan_without_an_approval(store: Store, clock: ManualClock) -> None:
    approve(store, clock)
    changed = good_plan().model_copy(update={"title": "the same but for a word"})
    assert changed.id != PLAN_ID
    with store.unit_of_work() as uow:
        uow.plans.put(changed, "mia", (), clock.now())
    with pytest.raises(NotApproved):
        approved_plan(store, clock, changed.id)


def test_d5_content_edited_in_the_database_is_noticed(store: Store, clock: ManualClock) -> None:
    approve(store, clock)
    with store.unit_of_work() as uow:
        row = uow.session.get(PlanRow, PLAN_ID)
        assert row is not None
        row.content = row.content.replace('"rate":0.05', '"rate":0.06')
        uow.session.add(row)
    with pytest.raises(PlanAltered):
        approved_plan(store, clock, PLAN_ID)
