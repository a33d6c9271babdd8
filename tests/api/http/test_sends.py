"""The outbox over HTTP: progress, settling what nobody can speak for, and whether the record holds."""

from fastapi.testclient import TestClient

from agent.assembly import App
from tests.api.conftest import SHOP, token_of
from tests.factories.sends import a_send


def test_a2_unknown_messages_are_settled_by_whoever_may_dispatch_and_it_is_on_the_record(
    client: TestClient, installation: App
) -> None:
    mia, vic = token_of(installation, "mia", "marketer"), token_of(installation, "vic", "viewer")
    with installation.store.unit_of_work() as uow:
        a_send(uow, SHOP, "k0", "p", "email", installation.clock.now(), state="unknown", receipt="")
    (unknown,) = client.get("/api/outbox", headers=vic).json()["unknown"]
    assert (unknown["send_key"], unknown["plan_id"]) == ("k0", "plan")
    body = {"send_keys": ["k0"], "has_left": True, "note": "in the provider's list"}
    assert client.post("/api/outbox/unknown", json=body, headers=vic).status_code == 403
    assert client.post("/api/outbox/unknown", json={**body, "note": ""}, headers=mia).status_code == 422
    assert client.post("/api/outbox/unknown", json={**body, "send_keys": ["k9"]}, headers=mia).status_code == 404
    done = client.post("/api/outbox/unknown", json=body, headers=mia)
    assert (done.status_code, done.json()["send_keys"]) == (200, ["k0"])
    assert client.post("/api/outbox/unknown", json=body, headers=mia).status_code == 409
    (mail,) = client.get("/api/outbox/progress", headers=vic).json()["channels"]
    assert (mail["channel"], mail["n_sent"], mail["n_due"]) == ("email", 1, 0)
    checked = client.get("/api/audit/verification", headers=vic).json()
    assert checked["holds"] and checked["n_entries"] == 1
