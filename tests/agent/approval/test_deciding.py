from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from agent.approval import AlreadyDecided, NotApproved, OwnPlan, approved_plan, decide
from memory.domain.approval import ApprovalDecision
from memory.domain.clock import ManualClock
from memory.domain.errors import NotPermitted, SecondOrderError
from memory.domain.principal import Principal
from memory.store.engine import Store
from tests.factories.approvals import AVA, BEN, BOT, MIA, PLAN_ID, person, requested, with_plan
from tests.factories.planning import guardrails


def test_d1_another_person_s_approval_counts(store: Store, clock: ManualClock) -> None:
    with_plan(store, clock)
    found = decide(store, clock, AVA, requested(store, clock).id, "approve", "looks right")
    assert (found.status, found.decided_by, found.note) == ("approved", "ava", "looks right")
    with store.read() as uow:
        assert uow.plans.get(PLAN_ID).status == "approved"
        assert uow.audit.entries()[-1].action == "approval.approve"


@pytest.mark.parametrize(("decision", "plan_status"), [("send_back", "draft"), ("reject", "rejected")])
def test_other_decisions_move_the_plan(
    store: Store, clock: ManualClock, decision: ApprovalDecision, plan_status: str
) -> None:
    with_plan(store, clock)
    decide(store, clock, AVA, requested(store, clock).id, decision)
    with store.read() as uow:
        assert uow.plans.get(PLAN_ID).status == plan_status


@pytest.mark.parametrize("author", [person("mia", "marketer", "approver"), person("mia", "admin", "approver")])
def test_d1_the_author_cannot_approve_whatever_the_roles(store: Store, clock: ManualClock, author: Principal) -> None:
    with_plan(store, clock)
    request_id = requested(store, clock).id
    with pytest.raises(OwnPlan):
        decide(store, clock, author, request_id, "approve")
    with store.read() as uow:
        assert uow.approvals.get(request_id).status == "waiting"
        assert uow.audit.entries()[-1].action == "approval.refused"


def test_d1_everyone_who_touched_the_content_is_barred(store: Store, clock: ManualClock) -> None:
    with_plan(store, clock, touched_by=("ava",))
    request_id = requested(store, clock).id
    with pytest.raises(OwnPlan):
        decide(store, clock, AVA, request_id, "approve")
    assert decide(store, clock, BEN, request_id, "approve").decided_by == "ben"


def test_d1_touching_it_after_the_request_bars_too(store: Store, clock: ManualClock) -> None:
    from tests.factories.plans import good_plan

    with_plan(store, clock)
    request_id = requested(store, clock).id
    with store.unit_of_work() as uow:
        uow.plans.put(good_plan(), "ava", (), clock.now())
    with pytest.raises(OwnPlan):
        decide(store, clock, AVA, request_id, "approve")


def test_d1_an_agent_never_approves_even_with_the_role(store: Store, clock: ManualClock) -> None:
    with_plan(store, clock)
    request_id = requested(store, clock).id
    for principal in (BOT, MIA):
        with pytest.raises(NotPermitted):
            decide(store, clock, principal, request_id, "approve")


def test_d1_an_expired_request_cannot_be_approved(store: Store, clock: ManualClock) -> None:
    with_plan(store, clock)
    request_id = requested(store, clock).id
    clock.advance(timedelta(days=14))
    with pytest.raises(NotApproved, match="expired"):
        decide(store, clock, AVA, request_id, "approve")
    with store.read() as uow:
        assert uow.approvals.get(request_id).status == "expired"


def test_d1_new_guardrails_void_a_request(store: Store, clock: ManualClock) -> None:
    with_plan(store, clock)
    request_id = requested(store, clock).id
    with store.unit_of_work() as uow:
        uow.guardrails.put("nord", guardrails(min_holdout_rate=0.06), "mia", clock.now(), "stricter")
    with pytest.raises(NotApproved, match="guardrails changed"):
        decide(store, clock, AVA, request_id, "approve")
    with store.read() as uow:
        assert uow.approvals.get(request_id).status == "void"


def test_d1_a_double_click_counts_once(store: Store, clock: ManualClock) -> None:
    with_plan(store, clock)
    request_id = requested(store, clock).id
    decide(store, clock, AVA, request_id, "approve")
    with pytest.raises(AlreadyDecided):
        decide(store, clock, AVA, request_id, "reject")
    with store.read() as uow:
        assert uow.approvals.get(request_id).status == "approved"


def test_d1_of_many_decisions_at_once_exactly_one_counts(any_store: Store, clock: ManualClock) -> None:
    with_plan(any_store, clock)
    request_id = requested(any_store, clock).id
    barrier = Barrier(8)

    def click(number: int) -> bool:
        barrier.wait()
        try:
            decide(any_store, clock, (AVA, BEN)[number % 2], request_id, "approve" if number % 3 else "reject")
        except SecondOrderError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(click, range(8))) == 1
    with any_store.read() as uow:
        decided = [entry for entry in uow.audit.entries() if entry.action in ("approval.approve", "approval.reject")]
        assert len(decided) == 1
        assert uow.approvals.get(request_id).status in ("approved", "rejected")


def test_planted_bug_a_move_that_does_not_look_first_would_count_twice(store: Store, clock: ManualClock) -> None:
    """The conditional UPDATE is what holds: from `waiting` it works once, blind it would work again."""
    with_plan(store, clock)
    request_id = requested(store, clock).id
    with store.unit_of_work() as uow:
        assert uow.approvals.move(request_id, "waiting", "approved", by="ava", at=clock.now())
        assert not uow.approvals.move(request_id, "waiting", "rejected", by="ben", at=clock.now())
        assert uow.approvals.get(request_id).decided_by == "ava"


@pytest.mark.parametrize("decision", ["send_back", "reject"])
def test_d1_a_plan_that_was_approved_and_then_turned_down_does_not_go_by_its_older_approval(
    store: Store, clock: ManualClock, decision: ApprovalDecision
) -> None:
    """Approved, asked for again, turned down: the latest decision counts."""
    with_plan(store, clock)
    decide(store, clock, AVA, requested(store, clock).id, "approve")
    clock.advance(timedelta(hours=1))
    again = requested(store, clock)
    assert again.status == "waiting"
    decide(store, clock, BEN, again.id, decision)
    with pytest.raises(NotApproved, match="nobody approved"):
        approved_plan(store, clock, PLAN_ID)


def test_d1_a_second_approval_replaces_the_first_one(store: Store, clock: ManualClock) -> None:
    with_plan(store, clock)
    decide(store, clock, AVA, requested(store, clock).id, "approve")
    clock.advance(timedelta(hours=1))
    second = decide(store, clock, BEN, requested(store, clock).id, "approve")
    with store.read() as uow:
        standing = [one.id for one in uow.approvals.of_plan(PLAN_ID) if one.status == "approved"]
    assert standing == [second.id]
    assert approved_plan(store, clock, PLAN_ID).approval.decided_by == "ben"
