"""Every repository that writes with a database's own words does so on SQLite and PostgreSQL alike."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from memory.domain.consent import ConsentEvent
from memory.domain.money import Money
from memory.store.contacts import CONTACT_SCHEMA
from memory.store.engine import Store
from memory.store.sent_counts import Progress
from tests.factories.sends import a_send

AT = datetime(2026, 1, 15, 12, tzinfo=UTC)


def contact(subject_id: str, **values: Any) -> dict[str, Any]:
    empty = dict.fromkeys(CONTACT_SCHEMA.names, "")
    return {**empty, "updated_at": AT, "subject_id": subject_id, **values}


def contacts(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), CONTACT_SCHEMA)


def test_a_contact_is_updated_and_an_empty_field_keeps_what_is_known(any_store: Store) -> None:
    with any_store.unit_of_work() as uow:
        uow.contacts.upsert("alpha", contacts(contact("p1", email="ann@example.invalid", first_name="Ann")))
        uow.contacts.upsert("alpha", contacts(contact("p1", first_name="Anna")))
    with any_store.read() as uow:
        known = uow.contacts.by_person("alpha", ["p1"])["p1"]
    assert (known.email, known.first_name) == ("ann@example.invalid", "Anna")


def test_a_link_is_logged_once_and_people_follow_it(any_store: Store) -> None:
    link = {
        "left_subject": "a", "left_kind": "email", "right_subject": "b", "right_kind": "phone", "rule": "same record",
        "shop_id": "alpha", "source": "test", "at": AT,
    }  # fmt: skip
    with any_store.unit_of_work() as uow:
        assert [uow.identities.add_links([link]), uow.identities.add_links([link])] == [1, 0]
        uow.identities.replace(pa.table({"subject_id": ["b"], "person_id": ["a"]}))
        uow.identities.replace(pa.table({"subject_id": ["b"], "person_id": ["c"]}))
    with any_store.read() as uow:
        assert uow.identities.person_of("b") == "c"


def test_a_revocation_changes_consent_state_and_suppression_in_one_transaction(any_store: Store) -> None:
    granted = ConsentEvent(channel="email", status="granted", at=AT, method="form", source="test")
    with any_store.unit_of_work() as uow:
        uow.contacts.upsert("alpha", contacts(contact("p1", email="ann@example.invalid", email_key="k1")))
        uow.consents.add_events("alpha", [("p1", granted)])
    with pytest.raises(RuntimeError), any_store.unit_of_work() as uow:
        uow.consents.revoke("alpha", "p1", "email", AT + timedelta(hours=1), "one_click", "link")
        raise RuntimeError("the power fails")
    with any_store.read() as uow:
        assert uow.person_state.get("alpha")["consent_email"].to_pylist() == [True]
        assert uow.consents.n_suppressed("alpha").get("email", 0) == 0
    with any_store.unit_of_work() as uow:
        uow.consents.revoke("alpha", "p1", "email", AT + timedelta(hours=1), "one_click", "link")
    with any_store.read() as uow:
        state = uow.person_state.get("alpha")
        assert state["consent_email"].to_pylist() == [False]
        assert state["is_suppressed_email"].to_pylist() == [True]
        assert uow.consents.n_suppressed("alpha")["email"] == 1


def test_b8_an_arm_never_changes(any_store: Store) -> None:
    def people(arm: str) -> pa.Table:
        return pa.table({"person_id": ["p1"], "cohort": ["vip"], "arm": [arm]})

    with any_store.unit_of_work() as uow:
        uow.assignments.put("alpha", "e1", people("control"))
    with any_store.unit_of_work() as uow:
        uow.assignments.put("alpha", "e1", people("treated"))
    with any_store.read() as uow:
        assert uow.assignments.arm("alpha", "e1", "p1") == "control"


def test_b7_the_ledger_is_never_overdrawn(any_store: Store) -> None:
    with any_store.unit_of_work() as uow:
        uow.budget_ledger.open("plan", "alpha", Money(amount_minor=10, currency="EUR"))
        assert uow.budget_ledger.reserve("plan", 9_000)
        assert not uow.budget_ledger.reserve("plan", 2_000)
        assert uow.budget_ledger.reserve("plan", 1_000)
    with any_store.read() as uow:
        assert uow.budget_ledger.remaining_millis("plan") == 0


@pytest.mark.postgres
def test_s2_44_a_claim_holds_its_people_so_that_two_plans_cannot_take_one_slot(postgres_store: Store) -> None:
    people = pa.table({"person_id": ["ann", "bob"], "consent_email": [True, True]})
    with postgres_store.unit_of_work() as uow:
        uow.person_state.upsert("alpha", people)
    with ThreadPoolExecutor(1) as pool:
        with postgres_store.unit_of_work() as first:
            first.person_state.get("alpha", ["ann"], lock=True)
            second = pool.submit(_locked, postgres_store, ["bob", "ann"])
            assert _locked(postgres_store, ["bob"]) == ["bob"]
            with pytest.raises(TimeoutError):
                second.result(timeout=0.5)
        assert second.result(timeout=30) == ["ann", "bob"]


def _locked(store: Store, ids: list[str]) -> list[str]:
    with store.unit_of_work() as uow:
        found: list[str] = uow.person_state.get("alpha", ids, lock=True)["person_id"].to_pylist()
    return found


def test_a9_an_event_is_new_once_and_a_message_moves_forward_once(any_store: Store) -> None:
    """PostgreSQL counts no rows of an insert: by that count every event seemed known and had no effect."""
    event: dict[str, Any] = {"send_key": "k1", "channel": "email", "detail": "", "at": AT, "arrived_at": AT}
    with any_store.unit_of_work() as uow:
        noted = [uow.deliveries.note("alpha", "p", each, kind="delivered", **event) for each in ("e1", "e1", "e2")]
        moved = [
            uow.deliveries.advance("alpha", "k1", "email", state, AT)
            for state in ("delivered", "delivered", "sent", "complained")
        ]  # fmt: skip
    assert noted == [True, False, True]
    assert moved == [True, False, False, True]


def test_a2_a_person_settles_an_unknown_message_once_and_what_is_due_is_counted(any_store: Store) -> None:
    with any_store.unit_of_work() as uow:
        a_send(uow, "alpha", "k0", "p", "email", AT, state="unknown", receipt="")
        a_send(uow, "alpha", "k1", "p", "email", AT, state="planned", claimed_at=0, finished_at=0)
        assert uow.deliveries.settle_by_hand("k0", has_left=True, now=AT + timedelta(days=2))
        assert not uow.deliveries.settle_by_hand("k0", has_left=False, now=AT)
        row = uow.outbox.get("k0")
        assert row is not None and (row.state, row.finished_at) == ("sent", row.claimed_at)
        found = uow.sent_counts.progress("alpha", AT + timedelta(minutes=1), timedelta(minutes=10), timedelta(days=2))
        assert found["email"] == Progress(n_due=1, n_sent=1)
