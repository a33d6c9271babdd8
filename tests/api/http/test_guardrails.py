from datetime import timedelta
from typing import Any

from fastapi.testclient import TestClient

from agent.assembly import App
from memory.domain.principal import Grant, Principal
from tests.api.conftest import SHOP, token_of

LIMITS: dict[str, Any] = {"plan_budget": {"amount_minor": 2_000_000, "currency": "EUR"}, "min_holdout_rate": 0.1}


def test_limits_are_set_as_json_and_yaml_and_kept_as_versions(client: TestClient, installation: App) -> None:
    headers = token_of(installation, "mia", "marketer")
    assert client.get("/api/guardrails", headers=headers).status_code == 409
    first = client.put("/api/guardrails", json=LIMITS, headers=headers)
    assert first.status_code == 200, first.text
    text = "plan_budget: 30000 EUR\nmin_holdout_rate: 0.2\n"
    second = client.put("/api/guardrails/yaml", content=text, headers=headers)
    assert second.json()["guardrails"]["plan_budget"]["amount_minor"] == 3_000_000
    versions = [row["version"] for row in client.get("/api/guardrails/history", headers=headers).json()]
    assert versions == [first.json()["version"], second.json()["version"]]
    assert client.get("/api/guardrails", headers=headers).json()["version"] == versions[-1]


def test_s2_24_an_agent_cannot_edit_guardrails_whatever_its_role_and_the_attempt_is_logged(
    client: TestClient, installation: App
) -> None:
    robot = Principal(id="robot", name="Robot", kind="agent", grants=(Grant(shop_id=SHOP, role="admin"),))
    with installation.store.unit_of_work() as uow:
        uow.principals.add(robot, installation.clock.now())
        token = uow.principals.create_token(
            "robot", installation.clock.now() + timedelta(days=1), at=installation.clock.now()
        )
    sends: list[dict[str, Any]] = [
        {"url": "/api/guardrails", "json": LIMITS},
        {"url": "/api/guardrails/yaml", "content": "plan_budget: 1 EUR"},
    ]
    for send in sends:
        answer = client.put(**send, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 403
    with installation.store.read() as uow:
        assert uow.guardrails.history(SHOP) == ()
        assert [entry.action for entry in uow.audit.entries()] == ["guardrails.refused"] * 2


def test_s2_24_the_agents_role_is_refused_before_anything_is_read(client: TestClient, installation: App) -> None:
    headers = token_of(installation, "robot", "agent")
    assert client.put("/api/guardrails", json=LIMITS, headers=headers).status_code == 403


def test_a_wrong_limit_is_named(client: TestClient, installation: App) -> None:
    headers = token_of(installation, "mia", "marketer")
    bad = {**LIMITS, "min_holdout_rate": 7}
    assert "min_holdout_rate" in client.put("/api/guardrails", json=bad, headers=headers).json()["message"]
    answer = client.put("/api/guardrails/yaml", content="plan_budget: [", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "InvalidInput")
    other = {"plan_budget": {"amount_minor": 1, "currency": "USD"}}
    assert client.put("/api/guardrails", json=other, headers=headers).status_code == 422


def test_a_look_back_says_what_limits_would_have_done_and_sets_nothing(client: TestClient, installation: App) -> None:
    headers = token_of(installation, "mia", "marketer")
    version = client.put("/api/guardrails", json=LIMITS, headers=headers).json()["version"]
    found = client.post("/api/guardrails/what-if", json=LIMITS | {"worst_case_rate": 0.5}, headers=headers)
    assert found.status_code == 200, found.text
    assert (found.json()["n_messages"], found.json()["n_blocked"]) == (0, 0)
    assert [(one["field"], one["basis"]) for one in found.json()["effects"]] == [("worst_case_rate", "plan_time")]
    assert client.get("/api/guardrails", headers=headers).json()["version"] == version
    yen = LIMITS | {"plan_budget": {"amount_minor": 1, "currency": "JPY"}}
    assert client.post("/api/guardrails/what-if", json=yen, headers=headers).status_code == 422
    support = token_of(installation, "sue", "support")
    assert client.post("/api/guardrails/what-if", json=LIMITS, headers=support).status_code == 403
