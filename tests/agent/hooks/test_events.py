"""A9: events in every order, again, late and for messages that are not ours."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import permutations

import pytest

from agent.hooks import ProviderEvent, receive
from memory.domain.clock import ManualClock
from memory.domain.delivery import DELIVERY_STATES
from memory.domain.market import Shop
from memory.domain.money import Money
from memory.store.engine import Store
from memory.store.unit_of_work import UnitOfWork
from tests.factories.person_state import person_state
from tests.factories.sends import a_send
from tools.identity.keys import address_key

pytestmark = pytest.mark.slow

KEY = b"a key for tests only, 32 bytes.."
PERSON, ADDRESS = "p1", "zoe@people.example.invalid"


class Undo(Exception):
    """Ends a transaction without keeping anything."""


@pytest.fixture
def now(store: Store, shop: Shop, clock: ManualClock) -> datetime:
    with store.unit_of_work() as uow:
        uow.person_state.upsert(shop.shop_id, person_state(PERSON, consent_email=True))
        for number in range(3):
            a_send(uow, shop.shop_id, f"k{number}", PERSON, "email", clock.now())
    return clock.now()


def event(kind: str, at: datetime, **changes: object) -> ProviderEvent:
    return ProviderEvent.model_validate({"type": kind, "at": at, "message_id": "k0"} | changes)


def suppressed(uow: UnitOfWork, shop_id: str) -> bool:
    return bool(uow.person_state.get(shop_id, [PERSON]).to_pylist()[0]["is_suppressed_email"])


def take(uow: UnitOfWork, shop_id: str, name: str, one: ProviderEvent, now: datetime) -> bool:
    return receive(uow, KEY, shop_id, "provider", name, one, now)


@pytest.fixture
def orders() -> Sequence[tuple[str, ...]]:
    """Every order in which a message's events may arrive."""
    return list(permutations(DELIVERY_STATES))


def test_a9_in_all_orders_a_message_only_moves_forward_and_the_complaint_stays(
    store: Store, shop: Shop, now: datetime, orders: Sequence[tuple[str, ...]]
) -> None:
    for order in orders:
        with pytest.raises(Undo), store.unit_of_work() as uow:
            reached = []
            for number, kind in enumerate(order):
                assert take(uow, shop.shop_id, f"e{number}", event(kind, now), now)
                reached.append(uow.deliveries.state_of("k0"))
                if kind in ("complained", "unsubscribed"):
                    assert not uow.person_state.get(shop.shop_id, [PERSON]).to_pylist()[0]["consent_email"]
            ranks = [("sent", "delivered", "bounced", "unsubscribed", "complained").index(state) for state in reached]
            assert ranks == sorted(ranks)
            assert reached[-1] == "complained"
            assert suppressed(uow, shop.shop_id)
            raise Undo


def test_a9_the_same_id_again_changes_nothing_even_days_later(store: Store, shop: Shop, now: datetime) -> None:
    with store.unit_of_work() as uow:
        assert take(uow, shop.shop_id, "e1", event("delivered", now), now)
        for days in (0, 3, 400):
            assert not take(uow, shop.shop_id, "e1", event("complained", now), now + timedelta(days=days))
        assert uow.deliveries.state_of("k0") == "delivered"
        assert not suppressed(uow, shop.shop_id)


@pytest.mark.parametrize(
    ("kind", "changes", "reason"),
    [
        ("bounced", {}, "hard_bounce"),
        ("bounced", {"is_permanent": False}, None),
        ("complained", {}, "complaint"),
        ("unsubscribed", {}, "unsubscribed"),
        ("delivered", {}, None),
        ("opened", {}, None),
    ],
)
def test_a9_what_an_event_does_to_an_address_nobody_here_has(
    store: Store, shop: Shop, now: datetime, kind: str, changes: dict[str, object], reason: str | None
) -> None:
    named = {"message_id": "not ours", "address": "Zoe@People.example.invalid", **changes}
    with store.unit_of_work() as uow:
        take(uow, shop.shop_id, "e1", event(kind, now, **named), now)
        rows = uow.consents.suppressions(shop.shop_id).to_pylist()
    assert [(row["address_key"], row["reason"]) for row in rows] == (
        [(address_key(KEY, ADDRESS), reason)] if reason else []
    )


def test_a2_an_event_settles_a_message_nobody_could_speak_for(store: Store, shop: Shop, now: datetime) -> None:
    with store.unit_of_work() as uow:
        a_send(uow, shop.shop_id, "lost", PERSON, "email", now, state="unknown", receipt="")
        take(uow, shop.shop_id, "e1", event("delivered", now, message_id="lost", receipt="SM9"), now)
    with store.read() as uow:
        row = uow.outbox.get("lost")
        assert row is not None
        assert (row.state, row.receipt) == ("sent", "SM9")
        assert not uow.outbox.unknown(shop.shop_id)


def test_a2_a_provider_knows_better_than_whoever_settled_a_message_as_not_sent(
    store: Store, shop: Shop, now: datetime
) -> None:
    with store.unit_of_work() as uow:
        uow.budget_ledger.open("plan", shop.shop_id, Money(amount_minor=1, currency=shop.currency))
        a_send(uow, shop.shop_id, "k9", PERSON, "email", now, state="unknown", receipt="")
        assert uow.deliveries.settle_by_hand("k9", has_left=False, now=now)
        take(uow, shop.shop_id, "e1", event("delivered", now, message_id="k9"), now)
        row = uow.outbox.get("k9")
        assert row is not None and (row.state, row.reason) == ("sent", "")
        assert uow.budget_ledger.reserved_millis("plan") == 10  # it has left, so it costs
        assert not uow.deliveries.settle_by_hand("k9", has_left=False, now=now)


def test_a9_a_message_is_found_by_the_provider_s_receipt_and_only_in_its_shop(
    store: Store, shop: Shop, now: datetime
) -> None:
    with store.unit_of_work() as uow:
        take(uow, shop.shop_id, "e1", event("delivered", now, message_id="", receipt="r-k1"), now)
        assert uow.deliveries.state_of("k1") == "delivered"
        take(uow, "elsewhere", "e2", event("delivered", now, message_id="k2"), now)
        assert uow.deliveries.state_of("k2") == ""


def test_s2_27_an_open_by_software_is_no_reaction(store: Store, shop: Shop, now: datetime) -> None:
    with store.unit_of_work() as uow:
        take(uow, shop.shop_id, "e1", event("opened", now, is_machine=True), now)
        take(uow, shop.shop_id, "e2", event("opened", now, message_id="k1"), now)
        assert uow.deliveries.reacted(["k0", "k1", "k2"], ["opened"]) == {"k1"}
        assert uow.deliveries.by_channel(shop.shop_id) == [("email", "opened", 1), ("email", "other", 1)]
