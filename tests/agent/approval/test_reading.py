import pytest

from agent.approval import AlreadyDecided, NotRead, NotSeen, OwnPlan, decide
from agent.approval.exhibit import shown_messages
from agent.approval.reading import mark_read, readings, texts_hash, unread
from memory.domain.clock import ManualClock
from memory.domain.errors import NotFound, NotPermitted
from memory.store.engine import Store
from tests.factories.approvals import AVA, BOT, MIA, PLAN_ID
from tests.factories.around_approvals import LANGUAGE, MARKET, YUI, a_reader, a_request, with_rules
from tests.factories.planning import a_shop, guardrails
from tests.factories.plans import edit_step, good_plan


def test_without_a_reading_the_approval_is_refused_and_with_it_given(store: Store, clock: ManualClock) -> None:
    request = a_request(store, clock)
    with_rules(store, clock, readers=(a_reader(),))
    with pytest.raises(NotRead, match=MARKET):
        decide(store, clock, AVA, request.id, "approve")
    found = mark_read(store, clock, YUI, request.id, MARKET)
    assert found.read is not None
    assert (found.read.reader, found.read.read_at, found.read.language) == ("yui", clock.now(), LANGUAGE)
    assert decide(store, clock, AVA, request.id, "approve").status == "approved"
    with store.read() as uow:
        actions = [entry.action for entry in uow.audit.entries()]
    assert {"approval.refused", "approval.read_texts", "approval.approve"} <= set(actions)


@pytest.mark.parametrize("decision", ["send_back", "reject"])
def test_what_stops_a_plan_needs_no_reading(store: Store, clock: ManualClock, decision: str) -> None:
    request = a_request(store, clock)
    with_rules(store, clock, readers=(a_reader(),))
    assert decide(store, clock, AVA, request.id, decision).status != "waiting"  # type: ignore[arg-type]


def test_only_who_is_named_reads_and_nobody_who_touched_it(store: Store, clock: ManualClock) -> None:
    request = a_request(store, clock)
    with_rules(store, clock, readers=(a_reader("yui", "mia", "bot"),))
    for principal, error in ((AVA, NotPermitted), (BOT, NotPermitted), (MIA, OwnPlan)):
        with pytest.raises(error):
            mark_read(store, clock, principal, request.id, MARKET)
    with pytest.raises(NotFound):
        mark_read(store, clock, YUI, request.id, "XX")
    with pytest.raises(NotSeen):
        mark_read(store, clock, YUI, request.id, MARKET, "f" * 64)


def test_a_reading_by_somebody_who_is_no_reader_any_more_does_not_count(store: Store, clock: ManualClock) -> None:
    request = a_request(store, clock)
    with_rules(store, clock, readers=(a_reader(),))
    mark_read(store, clock, YUI, request.id, MARKET)
    with_rules(store, clock, readers=(a_reader("dan"),))
    with pytest.raises(NotRead):
        decide(store, clock, AVA, request.id, "approve")


def test_texts_that_stay_the_same_are_read_once_and_changed_ones_again(store: Store, clock: ManualClock) -> None:
    plan, shop, rails = good_plan(), a_shop(), guardrails()
    mail = next(step for step in plan.steps() if step.owner == "us" and "email" in step.channels)
    before = shown_messages(plan, shop, rails)
    edited = edit_step(plan, mail.id, day=mail.day + 1)
    moved = shown_messages(edited, shop, rails)
    assert texts_hash(before, plan.id) == texts_hash(moved, edited.id)
    other = tuple(m.model_copy(update={"subject": "Other"}) for m in before[:1])
    assert texts_hash(before, plan.id) != texts_hash((*other, *before[1:]), plan.id)


def test_a_market_the_plan_does_not_reach_asks_for_nothing(store: Store, clock: ManualClock) -> None:
    a_request(store, clock)
    with_rules(store, clock, readers=(a_reader().model_copy(update={"market": "XX"}),))
    with store.read() as uow:
        assert unread(uow, good_plan()) == ()


def test_without_the_language_in_the_plan_all_its_texts_count(store: Store, clock: ManualClock) -> None:
    a_request(store, clock)
    with_rules(store, clock, readers=(a_reader().model_copy(update={"language": "th"}),))
    with store.read() as uow:
        (found,) = readings(uow, good_plan())
    assert set(found.languages) == set(good_plan().languages)
    assert found.read is None


def test_a_decided_request_takes_no_reading(store: Store, clock: ManualClock) -> None:
    request = a_request(store, clock)
    with_rules(store, clock, readers=(a_reader(),))
    decide(store, clock, AVA, request.id, "send_back", "please")
    with pytest.raises(AlreadyDecided):
        mark_read(store, clock, YUI, request.id, MARKET)
    with store.read() as uow:
        assert uow.plans.get(PLAN_ID).status == "draft"
