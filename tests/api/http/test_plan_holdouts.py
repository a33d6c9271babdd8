"""Part holdouts over HTTP: set, list, refused to those without the right and once people were drawn."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from agent.assembly import App
from memory.domain.principal import Grant, Principal
from tests.api.conftest import STOCKED, token_of

pytestmark = pytest.mark.slow
STEP = "first_time.onboarding"


def test_s2_16_a_part_is_set_listed_taken_away_and_fixed_at_go_live(stocked_client: TestClient, stocked: App) -> None:
    client, mia = stocked_client, token_of(stocked, "mia", "marketer", shop_id=STOCKED)
    ari = token_of(stocked, "ari", "approver", shop_id=STOCKED)
    plan_id = client.post("/api/plans", json={}, headers=mia).json()["plan_id"]
    url, body = f"/api/plans/{plan_id}/holdouts", {"part": "step", "part_id": STEP, "rate": 0.25}
    [one] = client.put(url, json=body, headers=mia).json()
    assert (one["part_id"], one["cohort"], one["rate"]) == (STEP, "first_time", 0.25)
    assert client.get(url, headers=ari).json() == [one]
    assert client.put(url, json=body, headers=ari).status_code == 403
    assert client.put(url, json={**body, "rate": 0.7}, headers=mia).status_code == 422
    unknown = client.put(url, json={**body, "part_id": "nowhere"}, headers=mia)
    assert unknown.status_code in (400, 422)
    assert STEP in unknown.text
    assert client.put(url, json={**body, "rate": 0}, headers=mia).json() == []
    client.put(url, json=body, headers=mia)

    asked = client.post("/api/approvals", json={"plan_id": plan_id}, headers=mia).json()
    shown = client.get(f"/api/approvals/{asked['id']}/exhibit", headers=ari).json()
    assert [part["part_id"] for part in shown["parts"]] == [STEP], "the approver sees it"
    client.post(f"/api/approvals/{asked['id']}/decision", json={"decision": "approve"}, headers=ari)
    assert client.post(f"/api/plans/{plan_id}/live", headers=mia).status_code == 200
    assert client.put(url, json=body, headers=mia).status_code == 409
    report = client.get("/api/reports/lift", params={"plan_id": plan_id}, headers=ari).json()
    [read] = report["parts"]
    assert (read["part"], read["part_id"], read["rpr_difference_pp"]["kind"]) == ("step", STEP, "not_estimable")
    with stocked.store.read() as uow:
        plan = uow.plans.get(plan_id).plan
        arms = uow.assignments.arms(STOCKED, f"{plan.holdout.experiment_id}.step.{STEP}")
    assert arms.num_rows == read["n_treated"] + read["n_withheld"] > 0


def test_s2_24_an_agent_withholds_nobody_whatever_its_role(stocked_client: TestClient, stocked: App) -> None:
    mia = token_of(stocked, "mia", "marketer", shop_id=STOCKED)
    plan_id = stocked_client.post("/api/plans", json={}, headers=mia).json()["plan_id"]
    robot = Principal(id="robot", name="Robot", kind="agent", grants=(Grant(shop_id=STOCKED, role="admin"),))
    now = stocked.clock.now()
    with stocked.store.unit_of_work() as uow:
        uow.principals.add(robot, now)
        token = uow.principals.create_token("robot", now + timedelta(days=1), at=now)
    headers = {"Authorization": f"Bearer {token}", "X-Shop": STOCKED}
    body = {"part": "step", "part_id": STEP, "rate": 0.5}
    answer = stocked_client.put(f"/api/plans/{plan_id}/holdouts", json=body, headers=headers)
    assert answer.status_code == 403
    assert stocked_client.get(f"/api/plans/{plan_id}/holdouts", headers=mia).json() == []
