"""Personal data never reaches the language model, the session or the thread: canaries in every field."""

from collections.abc import Iterator

import pyarrow as pa
import pytest

from agent.chat.chat import Chat
from agent.chat.identifiers import candidates, hide
from agent.llm.session import draft_in_session
from agent.replay.run import replay
from agent.toolbox.registry import ALL
from memory.domain.brief import Brief
from memory.domain.guardrails import Guardrails
from memory.domain.money import Money
from memory.domain.principal import Grant, Principal
from memory.store.contacts import CONTACT_SCHEMA
from tests.agent.llm.runs import endpoint
from tests.agent.llm.scripted import ScriptedLlm, calls, says, scripted_llm
from tests.factories.small_shop import ImportedShop, imported_shop

pytestmark = pytest.mark.slow

CANARIES = {
    "email": "zq.canary77@example.com",
    "phone": "+491705550177",
    "push_token": "push-canary-zq77",
    "first_name": "Zqcanaryfirst",
    "last_name": "Zqcanarylast",
    "email_key": "key-canary-zq1",
    "phone_key": "key-canary-zq2",
    "push_key": "key-canary-zq3",
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ImportedShop]:
    made = imported_shop(tmp_path_factory.mktemp("canary"), n=200)
    shop_id, currency = made.shop.shop_id, made.shop.currency
    row = {"subject_id": "p-canary", "country": "DE", "language": "de", "zone": "Europe/Berlin", **CANARIES}
    contacts = pa.Table.from_pylist([{**row, "updated_at": made.clock.now()}], schema=CONTACT_SCHEMA)
    rails = Guardrails(plan_budget=Money(amount_minor=900_000, currency=currency))
    with made.store.unit_of_work() as uow:
        uow.contacts.upsert(shop_id, contacts)
        uow.guardrails.put(shop_id, rails, "mia", made.clock.now(), "for tests")
    yield made
    made.store.close()


def marketer(shop: ImportedShop) -> Principal:
    return Principal(id="mia", name="Mia", grants=(Grant(shop_id=shop.shop.shop_id, role="marketer"),))


def personal_data(shop: ImportedShop) -> list[str]:
    """Every address and number of the shop's contacts, and all fields of the planted one."""
    with shop.store.read() as uow:
        from sqlmodel import select

        from memory.store.contacts import ContactRow

        rows = list(uow.session.exec(select(ContactRow)))
    found = {value for row in rows for value in (row.email, row.phone, row.push_token, row.subject_id) if value}
    return sorted({*found, *CANARIES.values()})


def assert_clean(texts: list[str], shop: ImportedShop) -> None:
    joined = "\n".join(texts)
    assert len(joined) > 1_000
    assert [value for value in personal_data(shop) if value in joined] == []


def sent(script: ScriptedLlm) -> list[str]:
    return [body.decode() for body in script.requests]


def test_c6_no_byte_sent_to_the_llm_in_a_plan_run_holds_personal_data(shop: ImportedShop) -> None:
    every = [calls(name, {}, f"c{number}") for number, name in enumerate(ALL) if name != "submit_plan"]
    with scripted_llm([*every, calls("submit_plan", {"title": "T", "note": "n"}, "last")]) as script:
        _, session_id = draft_in_session(
            shop.store, shop.lake, shop.clock, shop.key, shop.shop.shop_id, Brief(), marketer(shop),
            endpoint=endpoint(script.base_url),
        )  # fmt: skip
    with shop.store.read() as uow:
        stored = uow.sessions.get(session_id)
    assert len(script.requests) > 5
    assert_clean([*sent(script), stored.model_dump_json()], shop)
    report = replay(stored, shop.key)
    assert report.is_same, report.drift


def test_c6_known_identifiers_in_chat_are_replaced_before_anything_is_stored_or_sent(shop: ImportedShop) -> None:
    said = (
        "Zqcanaryfirst Zqcanarylast (zq.canary77@example.com, +491705550177, +49 170 5550177) complained: leave "
        "Zqcanarylast and the others alone"
    )
    with scripted_llm([says('{"changes": []}')]) as script:
        chat = Chat(shop.store, shop.lake, shop.clock, shop.key, endpoint=endpoint(script.base_url))
        chat_id = chat.open(marketer(shop), shop.shop.shop_id)
        events = list(chat.turn(chat_id, marketer(shop), said))
    with shop.store.read() as uow:
        thread = uow.chats.get(chat_id)
        stored = uow.sessions.get(thread.session_id)
    kept = [*sent(script), thread.model_dump_json(), stored.model_dump_json()]
    for canary in ("Zqcanaryfirst", "Zqcanarylast", "zq.canary77", "5550177"):
        assert canary not in "\n".join(kept)
    assert any("replaced personal data" in event.model_dump_json() for event in events)


def test_c6_names_in_both_scripts_are_replaced_and_command_words_stay() -> None:
    known = {"Anna Berg", "Berg", "王小明", "Rose"}
    text = hide("Ask Anna Berg, Berg and 王小明 about VIPs; budget 2,000 EUR from 2026-12-01", known.intersection)
    assert text == "Ask [name], [name] and [name] about VIPs; budget 2,000 EUR from 2026-12-01"
    assert "德国" in candidates("德国别发短信")
    assert hide("预算两千欧，电话 13800138000", lambda _names: set()) == "预算两千欧，电话 [phone]"
