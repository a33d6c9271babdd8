"""One person over HTTP: contact data goes to admins alone, is logged, and is gone with an erased person."""

import pytest
from fastapi.testclient import TestClient

from agent.assembly import App
from memory.domain.principal import Role
from tests.api.conftest import STOCKED, token_of

pytestmark = pytest.mark.slow
ROLES: tuple[Role, ...] = ("viewer", "marketer", "approver", "support", "evaluator", "agent", "intake")


def somebody(app: App) -> tuple[str, str]:
    """A person with an address: pseudonym and address."""
    with app.store.read() as uow:
        person = uow.identities.person_of(uow.contacts.with_address(STOCKED, "email")[0])
        return person, uow.contacts.by_person(STOCKED, [person])[person].email


def test_s2_11_contact_data_is_for_admins_alone_and_every_look_is_logged(
    stocked_client: TestClient, stocked: App
) -> None:
    person, email = somebody(stocked)
    for role in ROLES:
        headers = token_of(stocked, f"the-{role}", role, shop_id=STOCKED)
        answer = stocked_client.get(f"/api/people/{person}/contact", headers=headers)
        assert (answer.status_code, email in answer.text) == (403, False), role
    assert stocked_client.get(f"/api/people/{person}/contact").status_code == 401
    ada = token_of(stocked, "ada", "admin", shop_id=STOCKED)
    found = stocked_client.get(f"/api/people/{person}/contact", headers=ada).json()
    assert (found["person_id"], found["contact"]["email"], found["is_erased"]) == (person, email, False)
    with stocked.store.read() as uow:
        logged = [entry for entry in uow.audit.entries(limit=1_000) if entry.action == "person.contact"]
    assert [(entry.actor, entry.subject) for entry in logged] == [("ada", f"person:{person}")]
    assert email not in str(logged)


def test_s2_11_the_profile_beside_it_has_no_contact_data_whoever_asks(stocked_client: TestClient, stocked: App) -> None:
    person, email = somebody(stocked)
    ada = token_of(stocked, "ada", "admin", shop_id=STOCKED)
    answer = stocked_client.get(f"/api/people/{person}", headers=ada)
    assert answer.status_code == 200
    assert "contact" not in answer.json()
    assert email not in answer.text


def test_s2_11_nobody_and_people_of_other_shops_are_unknown_alike(stocked_client: TestClient, stocked: App) -> None:
    person, email = somebody(stocked)
    ada = token_of(stocked, "ada", "admin", shop_id=STOCKED)
    answer = stocked_client.get("/api/people/p000000000000000000000000/contact", headers=ada)
    assert answer.status_code == 404
    assert stocked_client.get("/api/people/Not%20a%20pseudonym/contact", headers=ada).status_code == 422
    with stocked.store.unit_of_work() as uow:
        uow.shops.add(uow.shops.get(STOCKED).model_copy(update={"shop_id": "other"}))
    eve = token_of(stocked, "eve", "admin", shop_id="other")
    elsewhere = stocked_client.get(f"/api/people/{person}/contact", headers=eve)
    assert (elsewhere.status_code, email in elsewhere.text) == (404, False)


def test_s2_11_an_erased_person_has_no_contact_data(stocked_client: TestClient, stocked: App) -> None:
    person, email = somebody(stocked)
    with stocked.store.unit_of_work() as uow:
        uow.person_state.erase(STOCKED, person)
    ada = token_of(stocked, "ada", "admin", shop_id=STOCKED)
    answer = stocked_client.get(f"/api/people/{person}/contact", headers=ada)
    assert (answer.status_code, answer.json()["is_erased"], answer.json()["contact"]) == (200, True, None)
    assert email not in answer.text
