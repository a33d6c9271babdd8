"""B9: what an answer by text message does."""

from collections.abc import Iterator

import pyarrow as pa
import pytest

from agent.hooks import answered
from memory.domain.clock import ManualClock
from memory.domain.market import Shop
from memory.store.contacts import CONTACT_SCHEMA
from memory.store.engine import Store
from memory.store.unit_of_work import UnitOfWork
from tests.factories.person_state import person_state
from tools.identity.keys import address_key
from tools.keywords import Answer

KEY = b"a key for tests only, 32 bytes.."
NUMBER, STRANGER = "+4915123456789", "+4915199999999"


@pytest.fixture
def uow(store: Store, shop: Shop, clock: ManualClock) -> Iterator[UnitOfWork]:
    contact = dict.fromkeys(CONTACT_SCHEMA.names, "") | {
        "subject_id": "p1",
        "phone": NUMBER,
        "phone_key": address_key(KEY, NUMBER),
        "updated_at": clock.now(),
    }
    with store.unit_of_work() as made:
        made.person_state.upsert(shop.shop_id, person_state("p1", consent_sms=True, language="de"))
        made.contacts.upsert(shop.shop_id, pa.Table.from_pylist([contact], CONTACT_SCHEMA))
    with store.unit_of_work() as made:
        yield made


def say(uow: UnitOfWork, shop: Shop, clock: ManualClock, answer: Answer, number: str = NUMBER, sid: str = "SM1") -> str:
    return answered(uow, KEY, shop, sid, number, answer, clock.now())


def state(uow: UnitOfWork, shop: Shop) -> tuple[bool, bool]:
    row = uow.person_state.get(shop.shop_id, ["p1"]).to_pylist()[0]
    return row["consent_sms"], row["is_suppressed_sms"]


def test_b9_a_stop_holds_at_once_and_is_confirmed_once_in_the_person_s_language(
    uow: UnitOfWork, shop: Shop, clock: ManualClock
) -> None:
    said = say(uow, shop, clock, "stop")
    assert said.startswith(shop.name) and "START" in said and "Sie" in said
    assert "http" not in said and "%" not in said
    assert state(uow, shop) == (False, True)
    assert say(uow, shop, clock, "stop", sid="SM2") == ""
    latest = uow.consents.latest(shop.shop_id, "p1", "sms")
    assert latest is not None and (latest.status, latest.method) == ("revoked", "keyword")


def test_b9_a_stop_of_an_unknown_number_is_kept_for_its_address(
    uow: UnitOfWork, shop: Shop, clock: ManualClock
) -> None:
    assert say(uow, shop, clock, "stop", STRANGER) != ""
    assert uow.consents.is_suppressed(shop.shop_id, "sms", address_key(KEY, STRANGER))
    assert state(uow, shop) == (True, False)


def test_b9_a_stop_holds_even_where_its_id_was_seen_before(uow: UnitOfWork, shop: Shop, clock: ManualClock) -> None:
    say(uow, shop, clock, "other")
    say(uow, shop, clock, "stop")
    assert state(uow, shop) == (False, True)


def test_b9_only_the_keyword_starts_again(uow: UnitOfWork, shop: Shop, clock: ManualClock) -> None:
    say(uow, shop, clock, "stop")
    for number, answer in enumerate(("other", "help")):
        say(uow, shop, clock, answer, sid=f"SM{number + 5}")  # type: ignore[arg-type]
        assert state(uow, shop) == (False, True)
    assert "STOP" in say(uow, shop, clock, "start", sid="SM9")
    assert state(uow, shop) == (True, False)
    assert not uow.consents.is_suppressed(shop.shop_id, "sms", address_key(KEY, NUMBER))


def test_b9_a_keyword_does_not_undo_a_complaint(uow: UnitOfWork, shop: Shop, clock: ManualClock) -> None:
    uow.consents.suppress(address_key(KEY, NUMBER), "sms", "complaint", clock.now(), "x", shop_id=shop.shop_id)
    uow.person_state.set_consent(shop.shop_id, "p1", "sms", False, is_suppressed=True)
    assert say(uow, shop, clock, "start") == ""
    assert state(uow, shop) == (False, True)


def test_b9_help_is_answered_and_other_words_are_not(uow: UnitOfWork, shop: Shop, clock: ManualClock) -> None:
    assert shop.sender_email in say(uow, shop, clock, "help")
    assert say(uow, shop, clock, "other", sid="SM2") == ""
    assert say(uow, shop, clock, "stop", "not a number", sid="SM3") == ""
