"""Sessions over HTTP: an evaluator replays, compares and asks what would have been; others do not."""

import pytest
from fastapi.testclient import TestClient

from agent.assembly import App
from tests.api.conftest import GUARDRAILS, STOCKED, token_of

pytestmark = pytest.mark.slow


def test_dc_09_an_evaluator_compares_and_asks_what_would_have_been(stocked_client: TestClient, stocked: App) -> None:
    client = stocked_client
    mia = token_of(stocked, "mia", "marketer", shop_id=STOCKED)
    eve = token_of(stocked, "eve", "evaluator", shop_id=STOCKED)
    for _ in range(2):
        assert client.post("/api/plans", json={"brief": {}}, headers=mia).status_code == 200
    one, other = (row["id"] for row in client.get("/api/sessions", headers=eve).json())

    same = client.get(f"/api/sessions/{one}/diff", params={"other": other}, headers=eve)
    assert (same.status_code, same.json()["is_changed"]) == (200, False)
    assert client.get(f"/api/sessions/{one}/diff", params={"other": other}, headers=mia).status_code == 403
    assert client.get(f"/api/sessions/{one}/diff", params={"other": "."}, headers=eve).status_code == 404

    rails = GUARDRAILS.model_copy(update={"min_holdout_rate": 0.3}).model_dump(mode="json")
    asked = client.post(f"/api/sessions/{one}/replay-with", json={"guardrails": rails}, headers=eve)
    assert asked.status_code == 200, asked.text
    assert asked.json()["first_cause"] == "guardrails"
    assert client.post(f"/api/sessions/{one}/replay-with", json={}, headers=eve).status_code == 422
    assert client.post(f"/api/sessions/{one}/replay-with", json={"llm": "big"}, headers=eve).status_code == 409
    assert len(client.get("/api/sessions", headers=eve).json()) == 2
