"""The preference centre: what a person chooses counts at once, and looking changes nothing."""

from datetime import timedelta

import pyarrow as pa
import pytest
from fastapi.testclient import TestClient

from agent.assembly import App, assemble
from api.http.app import create_api
from memory.domain.clock import ManualClock
from memory.domain.consent import ConsentEvent
from memory.domain.preference import Preference
from memory.store.contacts import CONTACT_SCHEMA
from tests.api.conftest import SHOP
from tests.factories.person_state import person_state
from tools.channels.memory import MemorySender
from tools.links.preferences import OwnPage, confirm_url, page_token, preferences_url
from tools.links.unsubscribe import token

PERSON = "p0123456789abcdef01234567"


@pytest.fixture
def sms(installation: App) -> MemorySender:
    return MemorySender(installation.clock)


@pytest.fixture
def pages(installation: App, sms: MemorySender) -> TestClient:
    """The pages of an installation whose only channel journals what it takes."""
    with installation.store.unit_of_work() as uow:
        uow.person_state.upsert(SHOP, person_state(PERSON, consent_sms=False))
        contact = dict.fromkeys(CONTACT_SCHEMA.names, "") | {
            "subject_id": PERSON,
            "email": "lena@people.example.invalid",
            "phone": "+4915112345678",
            "email_key": "ke",
            "phone_key": "kp",
            "updated_at": installation.clock.now(),
        }
        uow.contacts.upsert(SHOP, pa.Table.from_pylist([contact], CONTACT_SCHEMA))
        granted = ConsentEvent(
            channel="email", status="granted", at=installation.clock.now(), method="form", source="test"
        )
        uow.consents.add_events(SHOP, [(PERSON, granted)])
    app = assemble(installation.settings, installation.clock, senders={"sms": sms})
    return TestClient(create_api(app), raise_server_exceptions=False)


def link(app: App, channel: str = "email") -> str:
    page = OwnPage.model_validate({"shop_id": SHOP, "person_id": PERSON, "channel": channel})
    return "/preferences/" + page_token(app.key, "preferences", page)


def stands(app: App) -> dict[str, object]:
    with app.store.read() as uow:
        row: dict[str, object] = uow.person_state.get(SHOP, [PERSON]).to_pylist()[0]
        chosen = uow.preferences.of(SHOP, PERSON)
        n = len(uow.consents.ledger(SHOP, PERSON))
    names = ("consent_email", "is_suppressed_email", "consent_sms")
    return {**{name: row[name] for name in names}, "chosen": chosen, "n": n}


SAVE = {"action": "save", "channel": ["email"], "topic": ["care", "picks", "offers", "membership", "feedback"]}


def test_d7_looking_changes_nothing_and_speaks_the_persons_language(pages: TestClient, installation: App) -> None:
    before = stands(installation)
    for method in ("GET", "GET", "HEAD", "PUT", "DELETE"):
        assert pages.request(method, link(installation)).status_code in (200, 405)
    answer = pages.get(link(installation) + "?fewer=true")
    assert '<html lang="de"' in answer.text
    assert "<script" not in answer.text
    assert "lena@" not in answer.text
    assert PERSON not in answer.text
    assert stands(installation) == before


def test_s2_63_fewer_messages_and_topics_are_kept_at_once(pages: TestClient, installation: App) -> None:
    answer = pages.post(
        link(installation), data={**SAVE, "frequency": "fewer", "topic": ["care", "picks"]}, follow_redirects=False
    )
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert stands(installation)["chosen"] == Preference(
        frequency="fewer", topics_off=("offers", "membership", "feedback")
    )


def test_s2_63_a_pause_ends_by_itself_and_is_kept_by_a_later_save(pages: TestClient, installation: App) -> None:
    until = installation.clock.now() + timedelta(days=30)
    pages.post(link(installation), data={**SAVE, "pause": "30"})
    assert stands(installation)["chosen"] == Preference(paused_until=until)
    assert until.date().isoformat() in pages.get(link(installation)).text
    pages.post(link(installation), data={**SAVE, "pause": "keep", "frequency": "fewer"})
    assert stands(installation)["chosen"] == Preference(paused_until=until, frequency="fewer")
    pages.post(link(installation), data={**SAVE, "pause": "0"})
    assert stands(installation)["chosen"] == Preference()


def test_s2_45_stop_all_ends_every_channel_with_its_reason(pages: TestClient, installation: App) -> None:
    pages.post(link(installation), data={"action": "stop", "reason": "too_many"})
    found = stands(installation)
    assert (found["consent_email"], found["is_suppressed_email"]) == (False, True)
    with installation.store.read() as uow:
        revoked = [event for event in uow.consents.ledger(SHOP, PERSON) if event.status == "revoked"]
    assert {event.channel for event in revoked} == {"email", "sms", "push"}
    assert {event.reason for event in revoked} == {"too_many"}
    again = pages.post(link(installation), data={"action": "stop"})
    assert again.status_code == 200
    assert stands(installation)["n"] == 4


def test_a_channel_comes_back_with_the_sentence_that_was_shown(pages: TestClient, installation: App) -> None:
    pages.post(link(installation), data={**SAVE, "channel": []})
    assert stands(installation)["consent_email"] is False
    pages.post(link(installation), data=SAVE)
    found = stands(installation)
    assert (found["consent_email"], found["is_suppressed_email"]) == (True, False)
    with installation.store.read() as uow:
        last = uow.consents.ledger(SHOP, PERSON)[-1]
    assert (last.method, last.wording_id) == ("preference_page", "preferences@1")
    assert last.wording.startswith("Ja, ")
    assert "E-Mail" in last.wording
    assert len(last.wording_hash) == 64


def test_a_complaint_is_not_lifted_by_a_box(pages: TestClient, installation: App) -> None:
    with installation.store.unit_of_work() as uow:
        uow.consents.suppress("ke", "email", "complaint", installation.clock.now(), "provider", shop_id=SHOP)
        uow.person_state.set_consent(SHOP, PERSON, "email", False, is_suppressed=True)
    pages.post(link(installation), data=SAVE)
    assert stands(installation)["is_suppressed_email"] is True


def test_another_channel_waits_for_the_second_opt_in_in_germany(
    pages: TestClient, installation: App, sms: MemorySender
) -> None:
    both = {**SAVE, "channel": ["email", "sms"]}
    assert "bestätigen" in pages.post(link(installation), data=both).text
    assert stands(installation)["consent_sms"] is False
    (message,) = sms.messages.values()
    assert message.message_class == "transactional"
    url = message.text.partition("/confirm/")[2].split()[0]
    assert pages.get(f"/confirm/{url}").status_code == 200
    assert stands(installation)["consent_sms"] is False, "looking confirms nothing"
    assert "eingetragen" in pages.post(f"/confirm/{url}").text
    assert stands(installation)["consent_sms"] is True
    n = stands(installation)["n"]
    assert pages.post(f"/confirm/{url}").status_code == 200
    assert stands(installation)["n"] == n
    with installation.store.read() as uow:
        last = uow.consents.ledger(SHOP, PERSON)[-1]
    assert last.method == "double_opt_in"
    assert "SMS" in last.wording


def test_the_second_opt_in_is_asked_once_a_day_and_expires(
    pages: TestClient, installation: App, sms: MemorySender, clock: ManualClock
) -> None:
    both = {**SAVE, "channel": ["email", "sms"]}
    pages.post(link(installation), data=both)
    clock.set(clock.now() + timedelta(hours=2))
    pages.post(link(installation), data=both)
    assert len(sms.messages) == 1
    url = confirm_url("", installation.key, SHOP, PERSON, "sms", clock.now() - timedelta(days=8))
    assert "abgelaufen" in pages.post(url).text
    assert stands(installation)["consent_sms"] is False


@pytest.mark.parametrize("spoil", [lambda t: t[:-4], lambda t: t + "AAAA", lambda t: "%00", lambda t: "x" * 400])
def test_d7_forged_and_foreign_links_open_nothing(pages: TestClient, installation: App, spoil: object) -> None:
    assert callable(spoil)
    good = link(installation).removeprefix("/preferences/")
    before = stands(installation)
    foreign = page_token(installation.key, "preferences", OwnPage(shop_id="elsewhere", person_id=PERSON, channel="sms"))
    other_purpose = token(installation.key, SHOP, PERSON, "email")
    confirming = page_token(
        installation.key, "confirm", OwnPage(shop_id=SHOP, person_id=PERSON, channel="sms", extra="9")
    )
    for bad in (spoil(good), foreign, other_purpose, confirming):
        assert pages.get(f"/preferences/{bad}").status_code == 404
        assert pages.post(f"/preferences/{bad}", data={"action": "stop"}).status_code == 404
    assert pages.post(f"/confirm/{good}").status_code == 404
    assert stands(installation) == before


def test_rubbish_in_the_form_changes_nothing(pages: TestClient, installation: App) -> None:
    before = stands(installation)
    for body in (b"\xff\x00", b"action=fly", b"action=save&" + b"a=1&" * 5_000, b"[]"):
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        assert pages.post(link(installation), content=body, headers=form).status_code == 200
    assert stands(installation) == before


def test_links_name_the_message_they_stand_in(installation: App) -> None:
    url = preferences_url("https://x.invalid/", installation.key, SHOP, PERSON, "email", "k1")
    assert url.startswith("https://x.invalid/preferences/")


def test_the_channel_asked_for_is_kept_among_those_agreed_to(pages: TestClient, installation: App) -> None:
    assert "Wo wir Sie am liebsten erreichen" in pages.get(link(installation)).text
    pages.post(link(installation), data={**SAVE, "preferred": "sms"})
    assert stands(installation)["chosen"] == Preference(), "not among the channels they want"
    pages.post(link(installation), data={**SAVE, "preferred": "email"})
    assert stands(installation)["chosen"] == Preference(channel="email")
    assert 'name="preferred" value="email" checked' in pages.get(link(installation)).text
    pages.post(link(installation), data=SAVE)
    assert stands(installation)["chosen"] == Preference(channel="email"), "a missing part keeps what stands"
    pages.post(link(installation), data={**SAVE, "preferred": "none"})
    assert stands(installation)["chosen"] == Preference()
    with installation.store.read() as uow:
        history = uow.preferences.history(SHOP, PERSON)
    assert [one.preference.channel for one in history] == ["email", None]
