"""What people chose and who else has their address, at the claim: pause, topics, fewer messages, risk, one box."""

from datetime import timedelta
from typing import Any

import pyarrow as pa
import pytest

from memory.domain.consent import ConsentEvent
from memory.domain.preference import Preference
from memory.store.contacts import CONTACT_SCHEMA
from memory.store.outbox import OutboxRow
from tests.agent.dispatch.conftest import KEY, Desk
from tools.channels.memory import MemorySender
from tools.links.preferences import read_page
from tools.links.unsubscribe import read_token

pytestmark = pytest.mark.slow


def wish(desk: Desk, person: str, **chosen: Any) -> None:
    with desk.store.unit_of_work() as uow:
        uow.preferences.put("nord", person, Preference(**chosen), desk.clock.now())


def earlier(desk: Desk, person: str, n: int = 1, **changes: Any) -> None:
    """Note that the person got `n` service messages yesterday."""
    first = desk.planned()[0]
    with desk.store.unit_of_work() as uow:
        template = uow.outbox.get(first.send_key)
        assert template is not None
        for number in range(n):
            at = int((desk.clock.now() - timedelta(days=1)).timestamp() * 1_000_000)
            row = {**template.model_dump(), "send_key": f"old-{person}-{number}", "person_id": person}
            uow.session.add(OutboxRow(**{**row, "state": "sent", "claimed_at": at, **changes}))


def band(desk: Desk, person: str, name: str) -> None:
    with desk.store.unit_of_work() as uow:
        uow.preferences.set_bands("nord", pa.table({"person_id": [person], "band": [name]}), desk.clock.now())


def test_s2_63_a_pause_and_a_topic_end_a_message_at_the_claim(desk: Desk) -> None:
    first, second, third = desk.planned()[:3]
    wish(desk, first.person_id, paused_until=desk.clock.now() + timedelta(days=7))
    wish(desk, second.person_id, topics_off=("care",))
    wish(desk, third.person_id, paused_until=desk.clock.now() - timedelta(days=1), topics_off=("offers",))
    sender = MemorySender(desk.clock)
    assert desk.run(sender).suppressed == {"paused": 1, "topic_off": 1}
    assert third.send_key in sender.messages


@pytest.mark.parametrize(("n_before", "goes"), [(0, True), (1, False)])
def test_s2_63_fewer_messages_lower_the_cap_at_once(desk: Desk, n_before: int, goes: bool) -> None:
    """The service cap is three in seven days; half of it, rounded down, is one."""
    first = desk.planned()[0]
    wish(desk, first.person_id, frequency="fewer")
    earlier(desk, first.person_id, n_before)
    sender = MemorySender(desk.clock)
    desk.run(sender)
    assert (first.send_key in sender.messages) is goes


@pytest.mark.parametrize(("name", "n_before", "goes"), [("low", 2, True), ("medium", 1, True), ("medium", 2, False),
                                                       ("high", 1, False)])  # fmt: skip
def test_s2_64_a_band_of_risk_lowers_the_cap_at_the_claim(desk: Desk, name: str, n_before: int, goes: bool) -> None:
    first = desk.planned()[0]
    band(desk, first.person_id, name)
    earlier(desk, first.person_id, n_before)
    sender = MemorySender(desk.clock)
    desk.run(sender)
    assert (first.send_key in sender.messages) is goes


def test_s2_64_people_at_risk_are_offered_fewer_messages(desk: Desk) -> None:
    first, second = desk.planned()[:2]
    band(desk, first.person_id, "high")
    sender = MemorySender(desk.clock)
    desk.run(sender)
    offered = {"de": "Zu viele Mails?", "en": "Too many mails?"}
    assert offered[first.language] in sender.messages[first.send_key].text
    assert offered[second.language] not in sender.messages[second.send_key].text


def test_s2_63_d7_every_mail_leads_to_the_preference_centre_and_names_itself(desk: Desk) -> None:
    sender = MemorySender(desk.clock)
    desk.run(sender)
    for send_key, message in sender.messages.items():
        token = message.html.partition("/preferences/")[2].partition('"')[0]
        assert read_page(KEY, "preferences", token).extra == send_key
        assert f"/preferences/{token}" in message.text
        assert read_token(KEY, message.unsubscribe_url.rpartition("/")[2]).send_key == send_key


def same_box(desk: Desk, *people: str) -> None:
    """Give these people, who are not merged, one address."""
    rows = [
        dict.fromkeys(CONTACT_SCHEMA.names, "")
        | {"subject_id": person, "email": "both@people.example.invalid", "email_key": "one-box",
           "updated_at": desk.clock.now()}
        for person in people
    ]  # fmt: skip
    with desk.store.unit_of_work() as uow:
        uow.contacts.upsert("nord", pa.Table.from_pylist(rows, CONTACT_SCHEMA))


def test_b4_two_customer_ids_with_one_address_share_its_cap(desk: Desk) -> None:
    """One box gets three service messages in seven days, whoever they are for; planted: without the address it is 4."""
    first, second = desk.planned()[:2]
    same_box(desk, first.person_id, second.person_id)
    earlier(desk, first.person_id, 2)
    sender = MemorySender(desk.clock)
    report = desk.run(sender)
    assert report.suppressed == {"frequency_cap": 1}
    assert len({first.send_key, second.send_key} & set(sender.messages)) == 1


@pytest.mark.parametrize("channel", ["sms", "push"])
def test_b4_the_cap_of_an_address_counts_over_all_channels(desk: Desk, channel: str) -> None:
    """Two messages on another channel for one record leave one for both: caps know neither channel nor record."""
    first, second, third = desk.planned()[:3]
    same_box(desk, first.person_id, second.person_id)
    earlier(desk, first.person_id, 2, channel=channel)
    sender = MemorySender(desk.clock)
    assert desk.run(sender).suppressed == {"frequency_cap": 1}
    assert len({first.send_key, second.send_key} & set(sender.messages)) == 1
    assert third.send_key in sender.messages


def test_b4_records_that_share_no_address_share_no_cap(desk: Desk) -> None:
    first, second = desk.planned()[:2]
    earlier(desk, first.person_id, 3, channel="sms")
    sender = MemorySender(desk.clock)
    assert desk.run(sender).suppressed == {"frequency_cap": 1}
    assert first.send_key not in sender.messages
    assert second.send_key in sender.messages


def test_b4_who_unsubscribes_an_address_unsubscribes_everybody_who_has_it(desk: Desk) -> None:
    first, second = desk.planned()[:2]
    same_box(desk, first.person_id, second.person_id)
    with desk.store.unit_of_work() as uow:
        uow.consents.revoke("nord", first.person_id, "email", desk.clock.now(), "one_click", "link")
    sender = MemorySender(desk.clock)
    assert desk.run(sender).suppressed == {"suppressed": 2}
    assert not {first.send_key, second.send_key} & set(sender.messages)


def test_a_permission_that_lapses_by_itself_ends_on_its_day(desk: Desk) -> None:
    """CASL: what rests on a purchase ends two years later, whether or not anybody says so."""
    first, second = desk.planned()[:2]
    for row, days in ((first, -1), (second, 1)):
        event = ConsentEvent(
            channel="email", status="granted", at=desk.clock.now() - timedelta(days=700), method="existing_customer",
            source="purchase", valid_until=desk.clock.now() + timedelta(days=days),
        )  # fmt: skip
        with desk.store.unit_of_work() as uow:
            uow.consents.add_events("nord", [(row.person_id, event)])
    sender = MemorySender(desk.clock)
    assert desk.run(sender).suppressed == {"consent_expired": 1}
    assert second.send_key in sender.messages
