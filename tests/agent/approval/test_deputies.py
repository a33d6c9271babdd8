from datetime import timedelta

import pytest

from agent.approval import AlreadyDecided, NotApproved, OwnPlan, approved_plan, decide, pass_on
from agent.dispatch.approver import still_approver
from memory.domain.clock import ManualClock
from memory.domain.errors import NotPermitted
from memory.domain.principal import Grant
from memory.store.engine import Store
from tests.factories.approvals import AVA, PLAN_ID, person
from tests.factories.around_approvals import DAN, a_deputy, a_request, with_rules


def test_a_request_passes_once_when_its_hours_are_over_and_is_on_the_record(store: Store, clock: ManualClock) -> None:
    request = a_request(store, clock)
    with_rules(store, clock, deputies=(a_deputy(8),))
    clock.advance(timedelta(hours=7, minutes=59))
    assert pass_on(store, clock) == ()
    clock.advance(timedelta(minutes=1))
    (passed,) = pass_on(store, clock)
    assert (passed.approval_id, passed.deputy, passed.approver) == (request.id, "dan", "ava")
    assert pass_on(store, clock) == ()
    with store.read() as uow:
        entry = uow.audit.entries()[-1]
    assert (entry.actor, entry.action) == ("system", "approval.pass_on")


def test_a_deputy_may_decide_only_once_it_passed_and_the_record_says_for_whom(store: Store, clock: ManualClock) -> None:
    request = a_request(store, clock)
    with_rules(store, clock, deputies=(a_deputy(),))
    with pytest.raises(NotPermitted):
        decide(store, clock, DAN, request.id, "approve")
    clock.advance(timedelta(hours=8))
    pass_on(store, clock)
    assert decide(store, clock, DAN, request.id, "approve").decided_by == "dan"
    assert approved_plan(store, clock, PLAN_ID).approval.decided_by == "dan"
    with store.read() as uow:
        assert next(e for e in uow.audit.entries() if e.action == "approval.approve").detail["in_place_of"] == "ava"
        assert still_approver(uow, uow.approvals.get(request.id))


def test_d1_a_deputy_who_touched_the_plan_gets_nothing_and_decides_nothing(store: Store, clock: ManualClock) -> None:
    request = a_request(store, clock, touched_by=("dan",))
    with_rules(store, clock, deputies=(a_deputy(),))
    clock.advance(timedelta(hours=9))
    assert pass_on(store, clock) == ()
    with pytest.raises(NotPermitted):
        decide(store, clock, DAN, request.id, "approve")


def test_d1_touching_it_after_it_passed_bars_the_deputy_too(store: Store, clock: ManualClock) -> None:
    from tests.factories.plans import good_plan

    request = a_request(store, clock)
    with_rules(store, clock, deputies=(a_deputy(),))
    clock.advance(timedelta(hours=9))
    pass_on(store, clock)
    with store.unit_of_work() as uow:
        uow.plans.put(good_plan(), "dan", (), clock.now())
    with pytest.raises(OwnPlan):
        decide(store, clock, DAN, request.id, "approve")


def test_d1_nobody_passes_on_a_right_they_do_not_have(store: Store, clock: ManualClock) -> None:
    a_request(store, clock, touched_by=("ava",))
    with_rules(store, clock, deputies=(a_deputy(),))
    clock.advance(timedelta(hours=9))
    assert pass_on(store, clock) == ()


def test_d1_the_deputy_s_right_and_approval_end_with_the_approver_s(store: Store, clock: ManualClock) -> None:
    request = a_request(store, clock)
    with_rules(store, clock, deputies=(a_deputy(),))
    clock.advance(timedelta(hours=9))
    pass_on(store, clock)
    decide(store, clock, DAN, request.id, "approve")
    with store.unit_of_work() as uow:
        uow.principals.revoke("ava", Grant(shop_id="nord", role="approver"))
    with store.read() as uow:
        assert not still_approver(uow, uow.approvals.get(request.id))
    with pytest.raises(NotApproved, match="no approver any more"):
        approved_plan(store, clock, PLAN_ID)


def test_it_passes_to_no_agent_nobody_without_a_role_and_no_approver(store: Store, clock: ManualClock) -> None:
    a_request(store, clock)
    clock.advance(timedelta(hours=9))
    for name in ("bot", "ben", "nobody"):
        with_rules(store, clock, deputies=(a_deputy().model_copy(update={"deputy": name}),))
        assert pass_on(store, clock) == (), name


def test_a_decided_or_expired_request_does_not_pass(store: Store, clock: ManualClock) -> None:
    request = a_request(store, clock)
    with_rules(store, clock, deputies=(a_deputy(),))
    clock.advance(timedelta(days=15))
    assert pass_on(store, clock) == ()
    clock.advance(timedelta(days=-14))
    decide(store, clock, AVA, request.id, "reject")
    assert pass_on(store, clock) == ()


def test_a_deputy_s_token_for_other_things_decides_nothing(store: Store, clock: ManualClock) -> None:
    request = a_request(store, clock)
    with_rules(store, clock, deputies=(a_deputy(),))
    clock.advance(timedelta(hours=9))
    pass_on(store, clock)
    with pytest.raises(NotPermitted):
        decide(store, clock, DAN.model_copy(update={"scopes": ("read",)}), request.id, "approve")
    decide(store, clock, DAN, request.id, "send_back", "less push")
    with pytest.raises(AlreadyDecided):
        decide(store, clock, DAN, request.id, "approve")


def test_other_viewers_gain_nothing_by_it(store: Store, clock: ManualClock) -> None:
    request = a_request(store, clock)
    with_rules(store, clock, deputies=(a_deputy(),))
    clock.advance(timedelta(hours=9))
    pass_on(store, clock)
    with pytest.raises(NotPermitted):
        decide(store, clock, person("yui", "viewer"), request.id, "approve")
