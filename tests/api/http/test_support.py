import pytest
from fastapi.testclient import TestClient

from agent.assembly import App
from memory.domain.errors import NotFound
from tests.api.conftest import STOCKED, token_of

pytestmark = pytest.mark.slow


def _somebody(app: App) -> tuple[str, str]:
    """Give (person id, e-mail address) of somebody in the stocked shop."""
    with app.store.read() as uow:
        subject = uow.contacts.with_address(STOCKED, "email")[0]
        person = uow.identities.person_of(subject)
        return person, uow.contacts.by_person(STOCKED, [person])[person].email


def test_s3_support_finds_by_exact_address_and_stops_everything(stocked_client: TestClient, stocked: App) -> None:
    headers = token_of(stocked, "sue", "support", shop_id=STOCKED)
    person, address = _somebody(stocked)
    found = stocked_client.post("/api/support/people", json={"address": f" {address.upper()} "}, headers=headers)
    assert [one["person_id"] for one in found.json()] == [person]
    assert address not in found.text
    assert stocked_client.get(f"/api/support/people/{person}/messages", headers=headers).json() == []

    stopped = stocked_client.post(f"/api/support/people/{person}/stop", json={"note": "asked"}, headers=headers)
    assert stopped.json()["channels"] == ["email", "sms", "push"]
    again = stocked_client.post("/api/support/people", json={"address": address}, headers=headers).json()
    assert all(one["is_suppressed"] and not one["is_consented"] for one in again[0]["channels"])
    with stocked.store.read() as uow:
        actions = [(entry.actor, entry.action) for entry in uow.audit.entries()]
        assert address not in str(uow.audit.entries())
    assert actions[-4:] == [
        ("sue", "support.find"),
        ("sue", "support.why"),
        ("sue", "support.stop"),
        ("sue", "support.find"),
    ]


def test_d3_support_searches_nothing_but_whole_addresses(stocked_client: TestClient, stocked: App) -> None:
    headers = token_of(stocked, "sue", "support", shop_id=STOCKED)
    _, address = _somebody(stocked)
    for part in (address[:-1], address.replace("@", "%@"), "%", "@" + address.partition("@")[2], "' OR 1=1 --"):
        answer = stocked_client.post("/api/support/people", json={"address": part}, headers=headers)
        assert answer.status_code == 422 or answer.json() == [], part


def test_support_finds_by_order_number_and_answers_in_the_customers_language_without_the_address(
    stocked_client: TestClient, stocked: App
) -> None:
    headers = token_of(stocked, "sue", "support", shop_id=STOCKED)
    with stocked.store.read() as uow:
        tables = uow.versions.latest().tables
    with stocked.lake.open(tables, [STOCKED]) as view:
        orders = view.table("orders")
        row = orders.filter(orders.person_id.notnull()).limit(1).to_pyarrow().to_pylist()[0]
    person = row["person_id"]
    with stocked.store.read() as uow:
        address = uow.contacts.by_person(STOCKED, [person])[person].email
    found = stocked_client.post("/api/support/people", json={"address": row["order_ref"]}, headers=headers)
    assert [one["person_id"] for one in found.json()] == [person]
    answer = stocked_client.get(f"/api/support/people/{person}/answer?language=de", headers=headers)
    assert answer.json()["language"] == "de" and "Nachrichten" in answer.json()["text"]
    assert address not in found.text + answer.text
    unknown = stocked_client.get(f"/api/support/people/{person}/answer?language=xx", headers=headers)
    assert unknown.status_code == 422 and "fr" in unknown.text
    marketer = token_of(stocked, "mia", "marketer", shop_id=STOCKED)
    assert stocked_client.get(f"/api/support/people/{person}/answer", headers=marketer).status_code == 403


def test_d3_a_person_of_another_shop_does_not_exist(stocked_client: TestClient, stocked: App) -> None:
    from tests.factories.shop import a_shop

    with stocked.store.unit_of_work() as uow:
        uow.shops.add(a_shop())
    headers = token_of(stocked, "sue", "support", shop_id="alpha")
    person, address = _somebody(stocked)
    assert stocked_client.post("/api/support/people", json={"address": address}, headers=headers).json() == []
    assert stocked_client.get(f"/api/support/people/{person}/messages", headers=headers).status_code == 404
    stop = stocked_client.post(f"/api/support/people/{person}/stop", json={}, headers=headers)
    assert (stop.status_code, stop.json()["code"]) == (404, NotFound.__name__)


def test_s3_why_names_plan_decision_template_and_approval(stocked: App) -> None:
    from api.verbs import approvals, plans, sends, support
    from api.verbs.acting import Acting
    from memory.domain.brief import Brief
    from memory.domain.clock import ManualClock
    from memory.domain.principal import Grant, Principal

    def acting(name: str, role: str) -> Acting:
        grant = Grant.model_validate({"shop_id": STOCKED, "role": role})
        with stocked.store.unit_of_work() as uow:
            person = uow.principals.add(Principal(id=name, name=name, grants=(grant,)), stocked.clock.now())
        return Acting(app=stocked, principal=person, shop_id=STOCKED)

    mia, ava, sue = acting("mia", "marketer"), acting("ava", "approver"), acting("sue", "support")
    outcome, _ = plans.draft(mia, Brief())
    assert outcome.kind == "drafted"
    request = approvals.request(mia, outcome.stored.plan.id)
    approvals.decide(ava, request.id, "approve")
    sends.go_live(mia, outcome.stored.plan.id)
    assert isinstance(stocked.clock, ManualClock)
    from datetime import timedelta

    for _ in range(6):
        stocked.clock.advance(timedelta(days=1))
        sends.tick(mia)
        with stocked.store.read() as uow:
            rows = uow.outbox.table(STOCKED, outcome.stored.plan.id, ["person_id"])
        if rows.num_rows:
            break
    person = rows["person_id"][0].as_py()
    told = support.why(sue, person)
    assert told
    first = told[0]
    assert (first.approved_by, first.approval_id) == ("ava", request.id)
    assert first.plan_title == outcome.stored.plan.title
    assert "@" in first.message.template
    assert first.why
    assert first.chosen_reason
