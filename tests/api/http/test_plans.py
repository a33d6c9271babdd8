"""The way of a plan over HTTP: draft, check, four eyes, live, decide, hand off, measure."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from agent.assembly import App
from tests.api.conftest import STOCKED, token_of

pytestmark = pytest.mark.slow

Headers = dict[str, str]
NARROWER: dict[str, Any] = {"excluded": [["DE", "sms"]], "excluded_kinds": ["review_invitation"]}


@pytest.fixture
def mia(stocked: App) -> Headers:
    return token_of(stocked, "mia", "marketer", shop_id=STOCKED)


@pytest.fixture
def ari(stocked: App) -> Headers:
    return token_of(stocked, "ari", "approver", shop_id=STOCKED)


def _draft(client: TestClient, headers: Headers, **brief: Any) -> dict[str, Any]:
    answer = client.post("/api/plans", json={"brief": brief}, headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_plan_goes_the_whole_way_over_http(
    stocked_client: TestClient, mia: Headers, ari: Headers, stocked: App
) -> None:
    client = stocked_client
    assert _draft(client, mia)["outcome"]["kind"] == "drafted"
    (listed,) = client.get("/api/plans", headers=mia).json()
    plan_id = listed["plan_id"]
    stored = client.get(f"/api/plans/{plan_id[:12]}", headers=mia).json()
    assert client.post("/api/plans/check", json=stored["plan"], headers=mia).json() == []
    price = client.get(f"/api/plans/{plan_id}/price", headers=mia).json()
    assert (price["n_people"] > 0, price["outlook"]["basis"]) == (True, "assumed")
    assert "这是假设" in price["outlook"]["words"]["zh"]

    looked = client.get(f"/api/plans/{plan_id}/what-if", params={"budget": "50", "promotional_cap": 1}, headers=ari)
    assert looked.status_code == 200, looked.text
    assert looked.json()["then"]["n_messages"] <= looked.json()["now"]["n_messages"]
    assert client.get(f"/api/plans/{plan_id}/what-if", params={"budget": "lots"}, headers=ari).status_code == 422

    assert client.post(f"/api/plans/{plan_id}/live", headers=mia).status_code == 409  # nobody approved it
    asked = client.post("/api/approvals", json={"plan_id": plan_id}, headers=mia).json()
    assert asked["status"] == "waiting"
    decision = f"/api/approvals/{asked['id']}/decision"
    assert client.post(decision, json={"decision": "approve"}, headers=mia).status_code == 403
    assert client.post(decision, json={"decision": "approve"}, headers=ari).json()["status"] == "approved"
    assert client.post(decision, json={"decision": "reject"}, headers=ari).status_code == 409

    gone = client.post(f"/api/plans/{plan_id}/live", headers=mia).json()
    assert gone["n_treated"] > gone["n_control"] >= 0
    early = client.post(f"/api/plans/{plan_id}/lessons", headers=mia)
    assert (early.status_code, "window runs until" in early.text) == (409, True)
    assert client.get("/api/plans/lessons", headers=mia).json() == []
    earned = client.get("/api/reports/earned", params={"plan_id": plan_id}, headers=mia)
    assert earned.status_code == 200, earned.text
    assert "mission" in {offer["kind"] for offer in earned.json()["offers"]}
    first = client.post("/api/tick", json={"slot_at": "2025-12-03T09:00:00Z"}, headers=mia).json()
    assert first["n_decisions"] > 0
    again = client.post("/api/tick", json={"slot_at": "2025-12-03T09:00:00Z"}, headers=mia).json()
    assert again["is_repeat"] is True
    assert client.post("/api/dispatch", headers=mia).status_code == 200
    assert client.get("/api/outbox", headers=mia).json()["counts"]
    sent = [one for one in client.get("/api/decisions", headers=mia).json() if one["chosen"] != "none"]
    record = client.get(f"/api/decisions/{sent[0]['decision_id']}", headers=ari).json()
    assert [sum(one["is_chosen"] for one in record[name]) for name in ("channels", "times", "subjects", "copies")] == [
        1, 1, 1, 1,
    ]  # fmt: skip
    assert client.get("/api/decisions/nobody/decided/this", headers=mia).status_code == 404
    why = client.get(f"/api/decisions/{sent[0]['decision_id']}/why", headers=ari).json()
    assert why["decision_id"] == sent[0]["decision_id"]
    assert why["n_decisions"] > 0
    assert client.get("/api/decisions/nobody/decided/why", headers=mia).status_code == 404
    person = client.get(f"/api/people/{record['person_id']}", headers=ari).json()
    assert person["person_id"] == record["person_id"]
    assert "contact" not in person
    assert client.get(f"/api/people/{record['person_id']}/contact", headers=ari).status_code == 403
    assert client.post("/api/people/look-up", json={"address": "a@b.example"}, headers=mia).status_code == 403
    predicted = client.get("/api/reports/predictions", headers=ari).json()
    assert predicted["historic"]["n_people"] == predicted["clv"]["n_people"]
    page = client.get("/api/reports/predictions/page", params={"language": "zh"}, headers=ari)
    assert "预测客户价值" in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    lift = client.get("/api/reports/lift", params={"plan_id": plan_id}, headers=mia)
    assert lift.status_code == 200, lift.text
    flow = client.get("/api/reports/messages", params={"plan_id": plan_id}, headers=mia)
    assert (flow.status_code, flow.json()["plan_id"], flow.json()["attribution_days"]) == (200, plan_id, 5)
    with stocked.store.read() as uow:
        assert {"plan.draft", "plan.go_live"} <= {entry.action for entry in uow.audit.entries()}


def test_d1_a_token_of_the_drafter_decides_nothing_even_with_an_approvers_role(
    stocked_client: TestClient, stocked: App
) -> None:
    both = token_of(stocked, "two", "marketer", "approver", shop_id=STOCKED)
    _draft(stocked_client, both)
    plan_id = stocked_client.get("/api/plans", headers=both).json()[0]["plan_id"]
    asked = stocked_client.post("/api/approvals", json={"plan_id": plan_id}, headers=both).json()
    answer = stocked_client.post(f"/api/approvals/{asked['id']}/decision", json={"decision": "approve"}, headers=both)
    assert (answer.status_code, answer.json()["code"]) == (403, "OwnPlan")


def test_dc_02_a_refused_wish_is_an_answer_with_every_reason(stocked_client: TestClient, mia: Headers) -> None:
    outcome = _draft(stocked_client, mia, holdout_rate=0.0)["outcome"]
    assert outcome["kind"] == "refused"
    assert outcome["reasons"]
    assert all(reason["rule"] and reason["message"] for reason in outcome["reasons"])
    assert stocked_client.get("/api/plans", headers=mia).json() == []


def test_two_plans_are_compared_in_words(stocked_client: TestClient, mia: Headers) -> None:
    old, new = (_draft(stocked_client, mia, **brief)["plan_id"] for brief in ({}, NARROWER))
    params = {"other": old, "language": "zh"}
    found = stocked_client.get(f"/api/plans/{new}/diff", params=params, headers=mia).json()
    assert any(one["kind"].startswith("step_") for one in found)
    assert all(one["words"] for one in found)


def test_d3_a_plan_of_another_shop_does_not_exist_here(stocked_client: TestClient, stocked: App, mia: Headers) -> None:
    _draft(stocked_client, mia)
    plan_id = stocked_client.get("/api/plans", headers=mia).json()[0]["plan_id"]
    other = token_of(stocked, "eve", "admin", shop_id="elsewhere")
    for path in (f"/api/plans/{plan_id}", f"/api/plans/{plan_id}/price", f"/api/plans/{plan_id}/why?path=budget"):
        assert stocked_client.get(path, headers=other).status_code == 404, path
    assert stocked_client.get("/api/plans", headers=other).json() == []


def test_the_language_model_is_asked_for_in_vain_where_none_is_set_up(stocked_client: TestClient, mia: Headers) -> None:
    answer = stocked_client.post("/api/plans", json={"planner": "llm"}, headers=mia)
    assert answer.status_code == 409
    assert "SECONDORDER_LLM_BASE_URL" in answer.json()["message"]


def test_a_drafting_session_replays_to_the_same_plan(stocked_client: TestClient, stocked: App, mia: Headers) -> None:
    session_id = _draft(stocked_client, mia)["session_id"]
    eva = token_of(stocked, "eva", "evaluator", shop_id=STOCKED)
    assert stocked_client.post(f"/api/sessions/{session_id}/replay", headers=mia).status_code == 403
    report = stocked_client.post(f"/api/sessions/{session_id}/replay", headers=eva).json()
    assert report["plan_hash_same"] is True
    assert stocked_client.get("/api/sessions", headers=mia).json()[0]["id"] == session_id
