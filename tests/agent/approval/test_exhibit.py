import pytest

from agent.approval import NotApproved, NotSeen, approved_plan, decide
from agent.approval.exhibit import hash_of, shown_hash, shown_messages
from agent.dispatch import words
from memory.domain.clock import ManualClock
from memory.store.engine import Store
from tests.factories.approvals import AVA, PLAN_ID, requested, with_plan
from tests.factories.planning import a_shop, guardrails
from tests.factories.plans import good_plan

SHOP = a_shop(website="https://nord.example", sender_email="hello@nord.example")


def test_d1_every_message_is_shown_word_for_word_per_step_channel_and_language() -> None:
    plan = good_plan()
    shown = shown_messages(plan, SHOP, guardrails())
    ours = [step for step in plan.steps() if step.owner == "us"]
    assert {one.step_id for one in shown} == {step.id for step in ours}
    assert {one.language for one in shown} == set(plan.languages)
    assert {(one.step_id, one.problem) for one in shown if one.problem} == set()
    worded = shown
    assert all("{" not in one.subject + one.text for one in worded)
    assert all(one.html for one in worded if one.channel == "email")
    assert all("nord.example" in one.hosts for one in worded)


def test_d1_the_hash_stands_for_every_word() -> None:
    plan, before = good_plan(), shown_messages(good_plan(), SHOP, guardrails())
    assert hash_of(before) == hash_of(shown_messages(plan, SHOP, guardrails()))
    renamed = SHOP.model_copy(update={"name": "Nord."})
    assert hash_of(shown_messages(plan, renamed, guardrails())) != hash_of(before)
    assert len({one.shown_hash for one in before}) == len(before)


def test_d1_the_remembered_hash_is_that_of_plan_shop_and_guardrails_as_they_are_now(
    store: Store, clock: ManualClock
) -> None:
    with_plan(store, clock)
    plan = good_plan()
    with store.unit_of_work() as uow:
        _with_site(uow)
        for _ in range(2):
            now = hash_of(shown_messages(plan, uow.shops.get(plan.shop_id), uow.guardrails.current(plan.shop_id)))
            assert shown_hash(uow, plan) == now
        shop = uow.shops.get(plan.shop_id)
        uow.shops.put(shop.model_copy(update={"name": "Nord & Co"}))
        assert shown_hash(uow, plan) != now
        assert shown_hash(uow, plan.model_copy(update={"languages": plan.languages[:1]})) != now


def test_c5_a_host_that_only_looks_like_ours_shows_in_ascii() -> None:
    lookalike = SHOP.model_copy(update={"website": "https://n\u043erd.example"})  # a Cyrillic o
    hosts = {host for one in shown_messages(good_plan(), lookalike, guardrails()) for host in one.hosts}
    assert any(host.startswith("xn--") for host in hosts)
    assert "nord.example" not in hosts


def test_d1_what_was_seen_is_what_is_approved(store: Store, clock: ManualClock) -> None:
    with_plan(store, clock)
    found = requested(store, clock)
    with pytest.raises(NotSeen):
        decide(store, clock, AVA, found.id, "approve", seen_hash="0" * 64)
    with store.read() as uow:
        assert uow.approvals.get(found.id).status == "waiting"
    assert decide(store, clock, AVA, found.id, "approve", seen_hash=found.shown_hash).status == "approved"


def _reword(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another release of the templates, in a process that remembers nothing."""
    monkeypatch.setattr("agent.approval.exhibit._HASHES", {})
    from tools.copywriting import render as real

    monkeypatch.setattr(
        words,
        "render",
        lambda *given: (
            made.model_copy(update={"text": made.text + " NOW"}) if hasattr(made := real(*given), "text") else made
        ),
    )


def test_d1_other_words_void_a_request(store: Store, clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    with_plan(store, clock)
    with store.unit_of_work() as uow:
        _with_site(uow)
    found = requested(store, clock)
    _reword(monkeypatch)
    with pytest.raises(NotApproved, match="words"):
        decide(store, clock, AVA, found.id, "approve")
    with store.read() as uow:
        assert uow.approvals.get(found.id).status == "void"


def test_i7_other_words_void_an_approval(store: Store, clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    with_plan(store, clock)
    with store.unit_of_work() as uow:
        _with_site(uow)
    found = requested(store, clock)
    decide(store, clock, AVA, found.id, "approve")
    _reword(monkeypatch)
    with pytest.raises(NotApproved, match="words"):
        approved_plan(store, clock, PLAN_ID)


def _with_site(uow: object) -> None:
    """Give the shop a site, so that its messages have words."""
    from memory.store.shops import ShopRow
    from memory.store.unit_of_work import UnitOfWork

    assert isinstance(uow, UnitOfWork)
    row = uow.session.get(ShopRow, "nord")
    assert row is not None
    row.website = "https://nord.example"
    uow.session.add(row)
