"""The review and the brief of a live plan over HTTP, as figures and as pages, in both languages."""

import pytest
from fastapi.testclient import TestClient

from agent.assembly import App
from tests.api.conftest import STOCKED, token_of

pytestmark = pytest.mark.slow


def test_the_review_and_the_brief_of_a_live_plan_as_figures_and_pages(stocked_client: TestClient, stocked: App) -> None:
    client, mia = stocked_client, token_of(stocked, "mia", "marketer", shop_id=STOCKED)
    ari = token_of(stocked, "ari", "approver", shop_id=STOCKED)
    plan_id = client.post("/api/plans", json={}, headers=mia).json()["plan_id"]
    params = {"plan_id": plan_id}
    for path in ("review", "review/page", "brief", "brief/page"):
        early = client.get(f"/api/reports/{path}", params=params, headers=mia)
        assert (early.status_code, "never went live" in early.text) == (409, True), path
    asked = client.post("/api/approvals", json=params, headers=mia).json()
    client.post(f"/api/approvals/{asked['id']}/decision", json={"decision": "approve"}, headers=ari)
    assert client.post(f"/api/plans/{plan_id}/live", headers=mia).status_code == 200

    review = client.get("/api/reports/review", params=params, headers=ari).json()
    assert (review["plan_id"], review["proposal"], review["reach_actual"]) == (plan_id, "continue", 0)
    page = client.get("/api/reports/review/page", params={**params, "language": "zh"}, headers=ari)
    assert page.headers["content-type"].startswith("text/html") and "建议：继续。" in page.text

    brief = client.get("/api/reports/brief", params=params, headers=ari).json()
    assert (brief["plan_id"], brief["verdict"], len(brief["lines"])) == (plan_id, "wait", 6)
    zh = client.get("/api/reports/brief", params={**params, "language": "zh"}, headers=ari).json()
    assert [one["heading"] for one in zh["lines"]] != [one["heading"] for one in brief["lines"]]
    shown = client.get("/api/reports/brief/page", params=params, headers=ari).text
    assert all(one["heading"] in shown for one in brief["lines"])
    sue = token_of(stocked, "sue", "support", shop_id=STOCKED)
    assert client.get("/api/reports/brief", params=params, headers=sue).status_code == 403
    assert client.get("/api/reports/hindsight", params=params, headers=ari).status_code == 403
    eve = token_of(stocked, "eve", "evaluator", shop_id=STOCKED)
    seen = client.get("/api/reports/hindsight", params={**params, "policy": "do-nothing"}, headers=eve).json()
    assert [one["policy"] for one in seen["answers"]] == ["do-nothing"] and not seen["is_final"]
    unknown = client.get("/api/reports/hindsight", params={**params, "policy": "magic"}, headers=eve)
    assert (unknown.status_code, "magic" in unknown.text) == (422, True)


def test_the_lift_is_a_file_in_three_formats_with_its_type_and_name(stocked_client: TestClient, stocked: App) -> None:
    client, mia = stocked_client, token_of(stocked, "mia", "marketer", shop_id=STOCKED)
    ari = token_of(stocked, "ari", "approver", shop_id=STOCKED)
    plan_id = client.post("/api/plans", json={}, headers=mia).json()["plan_id"]
    path, params = "/api/reports/lift/download", {"plan_id": plan_id, "format": "csv"}
    assert client.get(path, params=params, headers=mia).status_code == 409  # it never went live
    asked = client.post("/api/approvals", json={"plan_id": plan_id}, headers=mia).json()
    client.post(f"/api/approvals/{asked['id']}/decision", json={"decision": "approve"}, headers=ari)
    assert client.post(f"/api/plans/{plan_id}/live", headers=mia).status_code == 200
    for form, media_type, start in (
        ("pdf", "application/pdf", b"%PDF-"), ("csv", "text/csv", b"\xef\xbb\xbf"), ("png", "image/png", b"\x89PNG"),
    ):  # fmt: skip
        made = client.get(path, params={**params, "format": form, "language": "zh"}, headers=ari)
        assert (made.status_code, made.headers["content-type"].split(";")[0]) == (200, media_type)
        assert made.headers["content-disposition"].endswith(f"-zh.{form}") and made.content.startswith(start)
    assert client.get(path, params={**params, "format": "xls"}, headers=ari).status_code == 422
    sue = token_of(stocked, "sue", "support", shop_id=STOCKED)
    assert client.get(path, params=params, headers=sue).status_code == 403


def test_s1_05_s1_06_costs_and_advocacy_are_read_by_whoever_may_read(stocked_client: TestClient, stocked: App) -> None:
    client, vic = stocked_client, token_of(stocked, "vic", "viewer", shop_id=STOCKED)
    costs = client.get("/api/reports/costs", params={"periods": 3}, headers=vic).json()
    assert len(costs["periods"]) == 3 and costs["currency"]
    assert "variance" in client.get("/api/reports/costs/chart", params={"periods": 3}, headers=vic).text
    assert client.get("/api/reports/costs", params={"periods": 2}, headers=vic).status_code == 422
    told = client.get("/api/reports/advocacy", headers=vic).json()
    assert told["claimed_multiple"] == 9.0 and told["loyal"]["n_people"] + told["ordinary"]["n_people"] > 0
    for path in ("costs", "costs/chart", "advocacy"):
        assert client.get(f"/api/reports/{path}").status_code == 401, path


def test_s1_02_the_list_and_a_plan_carry_stage_and_goals(stocked_client: TestClient, stocked: App) -> None:
    client, mia = stocked_client, token_of(stocked, "mia", "marketer", shop_id=STOCKED)
    plan_id = client.post("/api/plans", json={}, headers=mia).json()["plan_id"]
    [listed] = client.get("/api/plans", headers=mia).json()
    stored = client.get(f"/api/plans/{plan_id}", headers=mia).json()
    for one in (listed, stored):
        assert one["stage"] == "post_purchase"
        assert one["goals"] and set(one["goals"]) <= {"repeat", "clv", "loyalty", "referral"}


def test_a_month_is_closed_as_figures_and_files_and_orders_are_for_who_may_see_contacts(
    stocked_client: TestClient, stocked: App
) -> None:
    client, mia = stocked_client, token_of(stocked, "mia", "marketer", shop_id=STOCKED)
    sue = token_of(stocked, "sue", "support", shop_id=STOCKED)
    month = {"month": f"{stocked.clock.now():%Y-%m}"}
    found = client.get("/api/reports/close", params=month, headers=mia).json()
    assert (found["is_over"], found["month"]) == (False, f"{month['month']}-01")
    path = "/api/reports/close/file"
    sums = client.get(path, params=month, headers=mia)
    assert (sums.status_code, sums.headers["content-type"].split(";")[0]) == (200, "text/csv")
    assert sums.content.decode("utf-8-sig").splitlines()[0].split(",")[1:3] == ['"item"', '"plan_id"']
    boss = token_of(stocked, "boss", "admin", shop_id=STOCKED)
    orders = {**month, "part": "orders"}
    assert [client.get(path, params=orders, headers=who).status_code for who in (mia, sue, boss)] == [403, 403, 200]
    assert client.get("/api/reports/close", params={"month": "soon"}, headers=mia).status_code == 422
    late = client.get("/api/reports/close", params={"month": "2999-01"}, headers=mia)
    assert (late.status_code, "has not begun" in late.text) == (422, True)
