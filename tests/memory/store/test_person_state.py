from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest

from memory.domain.market import Channel
from memory.store.engine import Store
from memory.store.person_state import IDS_PER_QUERY, PERSON_STATE_SCHEMA

AT = datetime(2026, 1, 2, 3, tzinfo=UTC)


def rows(store: Store, shop_id: str = "alpha") -> dict[str, dict[str, Any]]:
    with store.read() as uow:
        found = uow.person_state.get(shop_id)
    assert found.schema == PERSON_STATE_SCHEMA
    return {row["person_id"]: row for row in found.to_pylist()}


def test_columns_that_are_not_given_keep_their_value(any_store: Store) -> None:
    known = pa.table({"person_id": ["p1"], "consent_email": [True], "zones": [["Europe/Berlin", "Asia/Tokyo"]]})
    with any_store.unit_of_work() as uow:
        uow.person_state.upsert("alpha", known)
        uow.person_state.upsert("alpha", pa.table({"person_id": ["p1", "p2"], "last_order_at": [AT, None]}))
    found = rows(any_store)
    assert (found["p1"]["consent_email"], found["p1"]["last_order_at"]) == (True, AT)
    assert found["p1"]["zones"] == ["Europe/Berlin", "Asia/Tokyo"]
    assert found["p2"] == {
        "person_id": "p2", "consent_email": False, "consent_sms": False, "consent_push": False,
        "is_suppressed_email": False, "is_suppressed_sms": False, "is_suppressed_push": False, "market": "",
        "language": "", "zones": [], "last_order_at": None, "is_erased": False,
    }  # fmt: skip


def test_a_person_without_news_is_added_and_otherwise_left_alone(any_store: Store) -> None:
    with any_store.unit_of_work() as uow:
        uow.person_state.set_consent("alpha", "p1", "sms", True)
        uow.person_state.upsert("alpha", pa.table({"person_id": ["p1", "p2"]}))
    assert {person: row["consent_sms"] for person, row in rows(any_store).items()} == {"p1": True, "p2": False}


@pytest.mark.parametrize("channel", ["email", "sms", "push"])
def test_consent_is_set_for_one_channel_in_one_shop(any_store: Store, channel: Channel) -> None:
    with any_store.unit_of_work() as uow:
        uow.person_state.set_consent("alpha", "p1", channel, True)
        uow.person_state.set_consent("beta", "p1", channel, False, is_suppressed=True)
    alpha, beta = rows(any_store)["p1"], rows(any_store, "beta")["p1"]
    assert [name for name, value in alpha.items() if value is True] == [f"consent_{channel}"]
    assert [name for name, value in beta.items() if value is True] == [f"is_suppressed_{channel}"]


def test_an_erased_person_is_blank_and_suppressed_everywhere(any_store: Store) -> None:
    everything = {"consent_email": [True], "market": ["DE"], "zones": [["Europe/Berlin"]], "last_order_at": [AT]}
    with any_store.unit_of_work() as uow:
        uow.person_state.upsert("alpha", pa.table({"person_id": ["p1"], **everything}))
        uow.person_state.erase("alpha", "p1")
    row = rows(any_store)["p1"]
    assert {name for name, value in row.items() if value} == {
        "person_id", "is_erased", "is_suppressed_email", "is_suppressed_sms", "is_suppressed_push"
    }  # fmt: skip


def test_many_people_are_found_beyond_one_query_and_strangers_are_missing(any_store: Store) -> None:
    ids = [f"p{n:05}" for n in range(IDS_PER_QUERY + 10)]
    with any_store.unit_of_work() as uow:
        uow.person_state.upsert("alpha", pa.table({"person_id": ids}))
    with any_store.read() as uow:
        found = uow.person_state.get("alpha", [*reversed(ids), "stranger"])["person_id"].to_pylist()
        nobody = uow.person_state.get("alpha", [])
    assert found == ids
    assert nobody.num_rows == 0


def test_a_good_part_of_the_shop_is_read_as_few_people_are(any_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    people = pa.table({"person_id": ["c", "a", "b"], "consent_email": [True, False, True]})
    with any_store.unit_of_work() as uow:
        uow.person_state.upsert("alpha", people)
        uow.person_state.upsert("beta", people)
    with any_store.read() as uow:
        by_name = uow.person_state.get("alpha", ["c", "b", "nobody"])
        monkeypatch.setattr("memory.store.person_state.MOST_BY_NAME", 1)
        assert uow.person_state.get("alpha", ["c", "b", "nobody"]) == by_name
    assert by_name["person_id"].to_pylist() == ["b", "c"]
