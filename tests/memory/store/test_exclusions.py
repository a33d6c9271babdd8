"""Exclusion lists know every address of a person who is withheld."""

from datetime import UTC, date, datetime

import pyarrow as pa

from memory.domain.standing import CORE, StandingHoldout
from memory.store.engine import Store

from .test_both_databases import contact, contacts

DAY = date(2026, 1, 1)


def test_a_person_of_two_records_is_left_out_under_both_addresses(any_store: Store) -> None:
    old = contact("p1", email="old@example.invalid", phone="+491", updated_at=datetime(2025, 1, 1, tzinfo=UTC))
    with any_store.unit_of_work() as uow:
        uow.contacts.upsert("alpha", contacts(old, contact("p2", email="new@example.invalid")))
        uow.contacts.upsert("alpha", contacts(contact("p3", email="other@example.invalid"), contact("p4")))
        uow.contacts.upsert("beta", contacts(contact("p1", email="beta@example.invalid")))
        uow.identities.replace(pa.table({"subject_id": ["p1"], "person_id": ["p2"]}))
        uow.standing.put(StandingHoldout(shop_id="alpha", started_on=DAY))
        held = {"person_id": ["p1", "p4"], "cohort": ["vip"] * 2, "arm": ["control"] * 2}
        uow.assignments.put("alpha", CORE, pa.table(held))
    with any_store.read() as uow:
        assert uow.exclusions.withheld("alpha", DAY) == {("old@example.invalid", "+491"), ("new@example.invalid", "")}
