"""S2-27 at the hand-off: a second channel's message goes only while nobody has reacted to the first one."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from agent.dispatch import dispatch
from memory.domain.facts import LAKE_SCHEMAS
from memory.lake.lake import Lake
from memory.store.contacts import CONTACT_SCHEMA
from memory.store.instants import to_micros
from tests.agent.dispatch.conftest import KEY, Desk
from tests.factories import planning
from tests.factories.doing import LIVE_AT, explore
from tests.factories.facts import Facts
from tests.factories.plans import candidate
from tests.factories.verify import outbox_row
from tools.channels.memory import MemorySender

pytestmark = pytest.mark.slow

DAY = LIVE_AT + timedelta(days=17, hours=5)
"""Noon in Berlin, long after the people's last orders."""


class Second:
    """A mail of the category series went out; two days later its push is due."""

    def __init__(self, desk: Desk, lake: Lake) -> None:
        self.desk, self.lake = desk, lake
        self.push = MemorySender(desk.clock)
        rails, now = planning.guardrails(), DAY + timedelta(days=2)
        self.person, cohort = next((row.person_id, row.cohort) for row in desk.planned() if row.market == "DE")
        wanted = candidate(person_id=self.person, cohort=cohort, step_id=f"{cohort}.category_series")
        sent: dict[str, Any] = {"state": "sent", "claimed_at": to_micros(DAY), "finished_at": to_micros(DAY)}
        mail = outbox_row(wanted, desk.world.plan, rails, DAY, **sent)
        push = outbox_row({**wanted, "channel": "push"}, desk.world.plan, rails, now, is_fallback=True)
        self.first, self.key = mail["send_key"], push["send_key"]
        desk.clock.set(now)
        with desk.store.unit_of_work() as uow:
            for row in (mail, push):
                uow.outbox.plan([row])
            uow.person_state.set_consent("nord", self.person, "push", True)
            contact = dict.fromkeys(CONTACT_SCHEMA.names, "") | {"subject_id": self.person, "push_token": "t1"}
            table = pa.Table.from_pylist([contact | {"updated_at": desk.clock.now()}], CONTACT_SCHEMA)
            uow.contacts.upsert("nord", table)
        self.explores()

    def explores(self) -> None:
        """The person looks around all the time, as the series asks."""
        facts, at = Facts(), DAY - timedelta(days=3)
        explore(facts, [self.person], at)
        rows = [row | {"fact_id": f"look{number}"} for number, row in enumerate(facts.rows["events"])]
        version = self.lake.append("events", pa.Table.from_pylist(rows, LAKE_SCHEMAS["events"]))
        with self.desk.store.unit_of_work() as uow:
            uow.versions.add({"events": version}, "looked around", at)

    def fact(self, kind: str, **changes: Any) -> None:
        facts, at = Facts(), self.desk.clock.now() - timedelta(hours=1)
        if kind == "orders":
            facts.add("orders", at, subject_id=self.person, shop_id="nord")
        else:
            facts.event(self.person, at, kind, shop_id="nord", **changes)
        (name,) = facts.rows
        version = self.lake.append(name, pa.Table.from_pylist(facts.rows[name], LAKE_SCHEMAS[name]))
        with self.desk.store.unit_of_work() as uow:
            tables = {each: n for each, n in uow.versions.latest().tables.items() if each == name}
            uow.versions.add(tables | {name: version}, "later", at)

    def heard(self, kind: str) -> None:
        at = self.desk.clock.now()
        with self.desk.store.unit_of_work() as uow:
            uow.deliveries.note(
                "nord", "p", kind, send_key=self.first, channel="email", kind=kind, detail="", at=at, arrived_at=at
            )

    def run(self) -> str:
        channels = {"push": self.push}
        dispatch(self.desk.store, channels, self.desk.clock, KEY, "nord", lake=self.lake)  # type: ignore[arg-type]
        with self.desk.store.read() as uow:
            row = uow.outbox.get(self.key)
        assert row is not None
        return row.reason or row.state


@pytest.fixture
def second(desk: Desk, tmp_path: Path) -> Second:
    lake = Lake(tmp_path / "later")
    with desk.store.unit_of_work() as uow:
        uow.session.connection().exec_driver_sql("DELETE FROM data_version")  # the facts behind the plan lie elsewhere
    return Second(desk, lake)


def test_s2_27_who_did_nothing_gets_a_push_that_leads_into_the_app(second: Second) -> None:
    assert second.run() == "sent"
    (push,) = second.push.messages.values()
    assert push.link.startswith("https://nord.example.invalid/")
    assert push.to == "t1"


@pytest.mark.parametrize("kind", ["mail_open", "mail_click", "orders"])
def test_s2_27_what_was_imported_since_the_tick_counts_at_the_hand_off(second: Second, kind: str) -> None:
    second.fact(kind, **({} if kind == "orders" else {"message_id": second.first}))
    assert second.run() == "reacted"
    assert not second.push.messages


def test_s2_27_an_open_by_software_is_no_reaction(second: Second) -> None:
    second.fact("mail_open", message_id=second.first, is_machine=True)
    assert second.run() == "sent"


def test_s2_27_an_open_that_names_no_message_counts(second: Second) -> None:
    second.fact("mail_open")
    assert second.run() == "reacted"


@pytest.mark.parametrize(("kind", "end"), [("opened", "reacted"), ("clicked", "reacted"), ("other", "sent")])
def test_s2_27_what_the_provider_told_us_counts_at_once(second: Second, kind: str, end: str) -> None:
    second.heard(kind)
    assert second.run() == end


def test_s2_27_who_left_the_first_channel_or_ordered_is_left_alone(second: Second) -> None:
    with second.desk.store.unit_of_work() as uow:
        uow.person_state.set_consent("nord", second.person, "email", False)
    assert second.run() == "left_first_channel"
