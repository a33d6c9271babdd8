"""What needs a person this week, most money first; nothing where nothing does."""

from datetime import UTC, datetime, timedelta

from agent.monday import card_lines, card_of
from memory.domain.clock import ManualClock
from memory.store.engine import Store
from tests.factories.approvals import PLAN_ID, requested, with_plan
from tests.factories.planning import a_shop

URL = "https://plan.example"


def test_a_shop_without_a_plan_is_asked_to_draft_one(store: Store, clock: ManualClock) -> None:
    with store.unit_of_work() as uow:
        uow.shops.add(a_shop())
        card = card_of(uow, "nord", clock.now())
    assert [(one.kind, one.address) for one in card.decisions] == [("draft", "/ui/chat")]
    assert card_lines(card, "en", "UTC", URL)[2].strip() == f"{URL}/ui/chat"


def test_a_draft_waits_to_be_handed_in_with_what_it_is_expected_to_bring(store: Store, clock: ManualClock) -> None:
    with_plan(store, clock)
    with store.read() as uow:
        (one,) = card_of(uow, "nord", clock.now()).decisions
        plan = uow.plans.get(PLAN_ID).plan
    assert (one.kind, one.subject, one.certainty) == ("submit", PLAN_ID, "assumed")
    assert one.at_stake is not None and one.low is not None and one.high is not None
    assert one.low.amount_minor < one.at_stake.amount_minor < one.high.amount_minor
    assert one.at_stake.currency == plan.budget.total.currency


def test_a_request_comes_with_its_expiry_and_a_link_that_decides_it(store: Store, clock: ManualClock) -> None:
    with_plan(store, clock)
    asked = requested(store, clock)
    with store.read() as uow:
        card = card_of(uow, "nord", clock.now())
    (one,) = card.decisions
    assert (one.kind, one.until, one.address) == ("approve", asked.expires_at, f"/ui/approvals/{asked.id}")
    english, chinese = (card_lines(card, language, "Europe/Berlin", URL) for language in ("en", "zh"))
    assert "assumed, not measured" in english[1]
    assert "(Europe/Berlin)" in english[1]
    assert "未经衡量" in chinese[1]


def test_nothing_needs_anybody_while_a_plan_is_live(store: Store, clock: ManualClock) -> None:
    with_plan(store, clock)
    with store.unit_of_work() as uow:
        uow.plans.set_status(PLAN_ID, "live")
        plan = uow.plans.get(PLAN_ID).plan
        clock.set(datetime(plan.anchor_on.year, plan.anchor_on.month, plan.anchor_on.day, 12, tzinfo=UTC))
        card = card_of(uow, "nord", clock.now())
        later = card_of(uow, "nord", clock.now() + timedelta(days=92))
    assert card.decisions == ()
    assert [one.kind for one in later.decisions] == ["draft"]  # a live plan past its last day is over
    assert card_lines(card, "en", "UTC", URL) == ("Nothing needs you.",)
