"""What a plan's page reads and does, over HTTP: checks, radius, steps, trial, YAML out and in."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from agent.assembly import App
from tests.api.conftest import STOCKED, token_of

pytestmark = pytest.mark.slow


def test_a_plan_is_looked_at_tried_and_taken_back_in_over_http(stocked_client: TestClient, stocked: App) -> None:
    client, mia = stocked_client, token_of(stocked, "mia", "marketer", shop_id=STOCKED)
    vic = token_of(stocked, "vic", "viewer", shop_id=STOCKED)
    plan_id = client.post("/api/plans", json={}, headers=mia).json()["plan_id"]
    at = f"/api/plans/{plan_id}"

    def read(path: str) -> Any:
        answer = client.get(f"{at}{path}", headers=vic)
        assert answer.status_code == 200, answer.text
        return answer.json()

    checks = read("/checks")
    assert all(one["reasons"] == [] for one in checks) and any(one["room"] for one in checks)
    assert read("/radius")["n_people"] > 0
    step = read("/steps/first_time.store_credit?language=de&reader=en")
    assert (step["language"], step["messages"][0]["gloss"]["language"]) == ("de", "en")
    assert read("/steps/first_time.store_credit/people")[0]["person_id"].startswith("p")
    assert client.get(f"{at}/steps/vip.nothing", headers=vic).status_code == 404

    trial = client.post(f"{at}/trial", json={"holdout_rate": 0.12}, headers=mia)
    assert any(one["kind"] == "holdout" for one in trial.json()["differences"])
    assert client.post(f"{at}/trial", json={}, headers=vic).status_code == 403

    text = read("/yaml")["text"]
    title = text.split("title: ")[1].split("\n")[0]
    body = {"text": text.replace(title, "By hand", 1), "against": plan_id}
    assert client.post("/api/plans/import", json=body, headers=vic).status_code == 403
    assert client.post("/api/plans/import", json=body, headers=mia).json()["title"] == "By hand"
    assert len(client.get("/api/plans", headers=mia).json()) == 1  # looked at, not kept
    kept = client.post("/api/plans/import", json={**body, "keep": True}, headers=mia).json()
    assert {one["plan_id"] for one in client.get("/api/plans", headers=mia).json()} == {plan_id, kept["plan_id"]}
    wrong = client.post("/api/plans/import", json={"text": "title: ["}, headers=mia)
    assert wrong.status_code == 422 and "line 1" in wrong.text
