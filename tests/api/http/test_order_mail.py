"""Who sends order mails, what became of ours, slips and first touches over HTTP, by role."""

from datetime import timedelta

import pyarrow as pa
import pytest
from fastapi.testclient import TestClient

from agent.assembly import App
from memory.domain.facts import LAKE_SCHEMAS
from tests.api.conftest import STOCKED, token_of
from tests.factories.facts import Facts
from tools.facts import commit_facts

pytestmark = pytest.mark.slow


def a_slipping_lane(app: App) -> None:
    """120 parcels of two months ago that took three days, and thirty of nine days ago that are still under way."""
    facts, now = Facts(), app.clock.now()
    for number in range(150):
        is_late = number >= 120
        ref, at = f"#way{number}", now - timedelta(days=9 if is_late else 60)
        facts.order(f"w{number}", at, {}, shop_id=STOCKED, order_ref=ref, market="FR", fact_id=ref)
        facts.add("shipments", at, shop_id=STOCKED, order_ref=ref, origin="DE", carrier="gls")
        if not is_late:
            facts.event(f"w{number}", at + timedelta(days=3), "delivery", shop_id=STOCKED, order_ref=ref)
    rows = {name: pa.Table.from_pylist(each, LAKE_SCHEMAS[name]) for name, each in facts.rows.items()}
    commit_facts(app.store, app.lake, rows, "a lane that slips", now)


def test_s1_14_s1_15_the_owner_of_a_step_is_set_by_who_sets_limits_and_is_audited(
    stocked_client: TestClient, stocked: App
) -> None:
    lea = token_of(stocked, "lea-mail", "marketer", shop_id=STOCKED)
    vic = token_of(stocked, "vic-mail", "viewer", shop_id=STOCKED)
    before = stocked_client.get("/api/order-mail", headers=vic).json()
    assert (before["settings"]["order_confirmation"], before["standing"]) == ("shop", None)
    wanted = {"order_confirmation": "us", "shipping_notice": "esp", "handling_days": {"DE": 2}}
    assert stocked_client.put("/api/order-mail/settings", json=wanted, headers=vic).status_code == 403
    assert stocked_client.put("/api/order-mail/settings", json=wanted).status_code == 401
    bad = wanted | {"order_confirmation": "nobody"}
    assert stocked_client.put("/api/order-mail/settings", json=bad, headers=lea).status_code == 422
    assert stocked_client.put("/api/order-mail/settings", json=wanted, headers=lea).status_code == 200
    after = stocked_client.get("/api/order-mail", headers=vic).json()
    assert after["standing"]["set_by"] == "lea-mail"
    assert list(after["standing"]["since"]) == ["order_confirmation"], "what a mail tool sends is not ours"
    with stocked.store.read() as uow:
        entries = [one for one in uow.audit.entries() if one.action == "order_mail.set"]
    assert entries[-1].actor == "lea-mail"
    assert entries[-1].detail["shipping_notice"] == "esp"
    assert stocked_client.get("/api/order-mail/mails", headers=vic).json() == []


def test_a_slip_is_looked_for_read_and_decided_by_a_person_with_the_role(
    stocked_client: TestClient, stocked: App
) -> None:
    a_slipping_lane(stocked)
    lea = token_of(stocked, "lea-slip", "marketer", shop_id=STOCKED)
    ana = token_of(stocked, "ana-slip", "approver", shop_id=STOCKED)
    found = stocked_client.post("/api/parcels/slips/look", headers=lea).json()
    (slip,) = [one for one in found if one["carrier"] == "gls"]
    seen = stocked_client.get("/api/parcels/slips", headers=ana).json()
    (line,) = [one for one in seen["slips"] if one["slip"]["id"] == slip["id"]]
    assert (line["n_people"], line["n_waiting"]) == (30, 30)
    shown = stocked_client.get(f"/api/parcels/slips/{slip['id']}", headers=ana).json()
    assert shown["n_drafts"] == 30
    assert stocked_client.post(f"/api/parcels/slips/{slip['id']}/approve", headers=lea).status_code == 403
    assert stocked_client.post(f"/api/parcels/slips/{'0' * 16}/approve", headers=ana).status_code == 404
    done = stocked_client.post(f"/api/parcels/slips/{slip['id']}/decline", headers=ana).json()
    assert (done["notice"], done["decided_by"]) == ("declined", "ana-slip")
    again = stocked_client.post(f"/api/parcels/slips/{slip['id']}/approve", headers=ana)
    assert again.status_code == 422


def test_s1_07_first_touches_of_a_period_are_read_and_add_up(stocked_client: TestClient, stocked: App) -> None:
    vic = token_of(stocked, "vic-touch", "viewer", shop_id=STOCKED)
    until = stocked.clock.now().date()
    days = {"from_on": str(until - timedelta(days=60)), "until_on": str(until - timedelta(days=20))}
    found = stocked_client.get("/api/reports/first-touch", params=days, headers=vic).json()
    assert found["n_orders"] > 0
    assert found["settled_rate"] == 1.0
    assert sum(one["n_orders"] for one in found["groups"]) == found["n_orders"]
    wrong = {"from_on": days["until_on"], "until_on": days["from_on"]}
    assert stocked_client.get("/api/reports/first-touch", params=wrong, headers=vic).status_code == 422
