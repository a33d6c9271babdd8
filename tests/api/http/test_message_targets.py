"""Targets of messages over HTTP: set, listed, shown in the report; bad ones refused with a remedy."""

import pytest
from fastapi.testclient import TestClient

from agent.assembly import App
from tests.api.conftest import STOCKED, token_of

pytestmark = pytest.mark.slow
STEP = "first_time.onboarding"


def test_s1_59_targets_are_set_listed_shown_beside_what_was_counted_and_taken_away(
    stocked_client: TestClient, stocked: App
) -> None:
    client, mia = stocked_client, token_of(stocked, "mia", "marketer", shop_id=STOCKED)
    ari = token_of(stocked, "ari", "approver", shop_id=STOCKED)
    plan_id = client.post("/api/plans", json={}, headers=mia).json()["plan_id"]
    url, body = f"/api/plans/{plan_id}/targets", {"message": STEP, "rates": {"click": 0.05, "open": 0.4}}
    found = client.put(url, json=body, headers=mia).json()
    assert [(one["message"], one["metric"], one["rate"]) for one in found] == [
        (STEP, "open", 0.4),
        (STEP, "click", 0.05),
    ]
    assert client.get(url, headers=ari).json() == found
    assert client.put(url, json=body, headers=ari).status_code == 403
    unknown = client.put(url, json={**body, "message": "nowhere"}, headers=mia)
    assert unknown.status_code == 422 and STEP in unknown.text and "review_invitation" in unknown.text
    for rates in ({"click": 1.2}, {"click": -0.1}, {}, {"sold": 0.1}):
        assert client.put(url, json={"message": STEP, "rates": rates}, headers=mia).status_code == 422
    assert client.get(url, headers=ari).json() == found, "a refused wish changes nothing"

    asked = client.post("/api/approvals", json={"plan_id": plan_id}, headers=mia).json()
    client.post(f"/api/approvals/{asked['id']}/decision", json={"decision": "approve"}, headers=ari)
    assert client.post(f"/api/plans/{plan_id}/live", headers=mia).status_code == 200
    left = client.put(url, json={"message": STEP, "rates": {"open": 0}}, headers=mia).json()
    assert [one["metric"] for one in left] == ["click"]
    report = client.get("/api/reports/messages", params={"plan_id": plan_id}, headers=ari).json()
    [one] = report["targets"]
    assert (one["step_id"], one["target_rate"], one["actual_rate"], one["is_met"]) == (STEP, 0.05, None, None)
