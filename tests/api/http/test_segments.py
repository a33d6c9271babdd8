"""Segments over HTTP: phrases are read or named, sizes come in one pass, one person's past holds no address."""

import pytest
from fastapi.testclient import TestClient

from agent.assembly import App
from tests.api.conftest import STOCKED, token_of

pytestmark = pytest.mark.slow


def test_a_phrase_is_read_into_a_rule_with_its_words_or_named(stocked_client: TestClient, stocked: App) -> None:
    headers = token_of(stocked, "mia", "marketer", shop_id=STOCKED)
    found = stocked_client.post("/api/segments/read", json={"text": "bought once"}, headers=headers).json()
    assert found["rule"]["op"] == "bought" and found["words"] == "ordered exactly 1 times"
    wrong = stocked_client.post("/api/segments/read?language=zh", json={"text": "跳舞"}, headers=headers).json()
    assert wrong["rule"] is None and wrong["not_read"]["part"] == "跳舞" and "来自德国" in str(wrong["not_read"])


def test_sizes_of_all_segments_come_in_one_answer(stocked_client: TestClient, stocked: App) -> None:
    headers = token_of(stocked, "mia", "marketer", shop_id=STOCKED)
    listed = [one["segment"]["id"] for one in stocked_client.get("/api/segments", headers=headers).json()]
    found = stocked_client.get("/api/segments/sizes", headers=headers).json()
    assert sorted(found["n_people"]) == sorted(listed)
    assert 0 < max(found["n_people"].values()) <= found["n_all"]


def test_a_persons_timeline_holds_no_address_and_nobody_is_not_found(stocked_client: TestClient, stocked: App) -> None:
    headers = token_of(stocked, "mia", "marketer", shop_id=STOCKED)
    with stocked.store.read() as uow:
        person = uow.identities.person_of(uow.contacts.with_address(STOCKED, "email")[0])
        address = uow.contacts.by_person(STOCKED, [person])[person].email
    answer = stocked_client.get(f"/api/people/{person}/timeline", headers=headers)
    assert answer.status_code == 200 and address not in answer.text
    assert stocked_client.get("/api/people/p-nobody/timeline", headers=headers).status_code == 404
    sue = token_of(stocked, "sue", "support", shop_id=STOCKED)
    assert stocked_client.get(f"/api/people/{person}/timeline", headers=sue).status_code == 403
