"""Around approvals over HTTP: rules, bots, readings, a note to send back, a staged release, a deputy."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from agent.approval import pass_on
from agent.assembly import App
from memory.domain.clock import ManualClock
from tests.api.conftest import STOCKED, token_of
from tests.servers.bots import PATHS, TOKEN

pytestmark = pytest.mark.slow
Headers = dict[str, str]


@pytest.fixture
def people(stocked: App) -> dict[str, Headers]:
    roles = {"mia": "marketer", "ari": "approver", "vic": "viewer", "ada": "admin"}
    return {name: token_of(stocked, name, role, shop_id=STOCKED) for name, role in roles.items()}  # type: ignore[arg-type]


def asked(client: TestClient, people: dict[str, Headers]) -> dict[str, Any]:
    client.post("/api/plans", json={"brief": {}}, headers=people["mia"])
    (plan,) = client.get("/api/plans", headers=people["mia"]).json()
    found: dict[str, Any] = client.post(
        "/api/approvals", json={"plan_id": plan["plan_id"]}, headers=people["mia"]
    ).json()
    return found


def test_a_market_is_read_a_plan_sent_back_and_a_deputy_approves_in_stages(
    stocked_client: TestClient, stocked: App, people: dict[str, Headers]
) -> None:
    client, request = stocked_client, asked(stocked_client, people)
    plan = client.get(f"/api/plans/{request['plan_id']}", headers=people["mia"]).json()["plan"]
    market, language = plan["markets"][0], plan["languages"][0]
    rules = {
        "mails": [{"principal": "vic", "address": "vic@nord.example.invalid", "zone": "Asia/Tokyo"}],
        "deputies": [{"approver": "ari", "deputy": "vic", "after_hours": 8}],
        "readers": [{"market": market, "language": language, "readers": ["vic"]}],
    }
    assert client.put("/api/approval-rules", json=rules, headers=people["mia"]).status_code == 403
    assert client.put("/api/approval-rules", json=rules, headers=people["ada"]).json()["set_by"] == "ada"
    at = f"/api/approvals/{request['id']}"
    refused = client.post(f"{at}/decision", json={"decision": "approve"}, headers=people["ari"])
    assert (refused.status_code, refused.json()["code"]) == (409, "NotRead")
    assert client.post(f"{at}/decision", json={"decision": "send_back"}, headers=people["ari"]).status_code == 422
    (text,) = client.get(f"{at}/readings", headers=people["ari"]).json()
    assert (text["market"], text["read"]) == (market, None)
    seen = {"market": market, "texts_hash": text["texts_hash"]}
    assert client.post(f"{at}/readings", json=seen, headers=people["ari"]).status_code == 403
    assert client.post(f"{at}/readings", json=seen, headers=people["vic"]).json()["read"]["reader"] == "vic"

    assert client.get(f"{at}/standing", headers=people["vic"]).json()["why_not"] == "no_right"
    assert client.post(f"{at}/decision", json={"decision": "approve"}, headers=people["vic"]).status_code == 403
    assert isinstance(stocked.clock, ManualClock)
    stocked.clock.advance(timedelta(hours=8))
    pass_on(stocked.store, stocked.clock)
    standing = client.get(f"{at}/standing", headers=people["vic"]).json()
    assert (standing["why_not"], standing["in_place_of"]) == ("", "ari")
    done = client.post(f"{at}/decision", json={"decision": "approve", "is_staged": True}, headers=people["vic"]).json()
    assert (done["status"], done["decided_by"], done["is_staged"]) == ("approved", "vic", True)

    gone = client.post(f"/api/plans/{request['plan_id']}/live", headers=people["mia"])
    assert gone.status_code == 200, gone.text
    with stocked.store.read() as uow:
        release = uow.releases.get(request["plan_id"])
    assert release is not None, "approved for a staged release only: nobody starts it at once"
    assert release.share_rate == 0.01


def test_what_was_sent_back_is_amended_and_asked_for_again(
    stocked_client: TestClient, people: dict[str, Headers]
) -> None:
    client, request = stocked_client, asked(stocked_client, people)
    at = f"/api/approvals/{request['id']}/decision"
    back = client.post(at, json={"decision": "send_back", "note": "less push"}, headers=people["ari"]).json()
    assert (back["status"], back["note"]) == ("sent_back", "less push")
    again = client.post("/api/approvals", json={"plan_id": request["plan_id"]}, headers=people["mia"]).json()
    assert again["id"] != request["id"]
    assert again["status"] == "waiting"
    assert client.get(f"/api/approvals/{request['id']}", headers=people["mia"]).json()["note"] == "less push"


def test_c3_a_bot_s_address_is_the_vendor_s_and_is_never_given_back(
    stocked_client: TestClient, people: dict[str, Headers]
) -> None:
    client, ada = stocked_client, people["ada"]
    inside = {"vendor": "slack", "url": "http://169.254.169.254/services/x"}
    assert client.put("/api/approval-rules/bots/team", json=inside, headers=ada).status_code == 422
    good = {"vendor": "slack", "url": f"https://hooks.slack.com{PATHS['slack']}"}
    assert client.put("/api/approval-rules/bots/team", json=good, headers=people["ari"]).status_code == 403
    answers = [client.put("/api/approval-rules/bots/team", json=good, headers=ada)]
    answers += [client.get(f"/api/approval-rules{path}", headers=ada) for path in ("", "/history")]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert TOKEN not in "".join(answer.text for answer in answers)
    assert client.delete("/api/approval-rules/bot/team", headers=ada).json()["rules"]["bots"] == []
    assert client.delete("/api/approval-rules/bot/team", headers=ada).status_code == 404
