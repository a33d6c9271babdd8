"""Lanes and lost parcels over HTTP, for whoever may read the shop."""

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


def a_lane(app: App, n: int = 120) -> None:
    """Parcels of a lane that take three days, two months ago, and one a month ago that never came."""
    facts, now = Facts(), app.clock.now()
    for number in range(n):
        ref, at = f"#lane{number}", now - timedelta(days=60)
        facts.order(f"q{number}", at, {}, shop_id=STOCKED, order_ref=ref, market="DE", fact_id=ref)
        facts.add("shipments", at, shop_id=STOCKED, order_ref=ref, origin="DE", carrier="dhl")
        facts.event(f"q{number}", at + timedelta(days=3), "delivery", shop_id=STOCKED, order_ref=ref)
    at = now - timedelta(days=25)
    facts.order("q-lost", at, {}, shop_id=STOCKED, order_ref="#gone", market="DE", fact_id="#gone")
    facts.rows["shipments"].append(
        {**facts.rows["shipments"][0], "fact_id": "s-gone", "order_ref": "#gone", "event_at": at, "arrived_at": at}
    )
    rows = {name: pa.Table.from_pylist(each, LAKE_SCHEMAS[name]) for name, each in facts.rows.items()}
    commit_facts(app.store, app.lake, rows, "a lane", now)


def test_s1_16_s1_17_lanes_and_lost_parcels_are_read_by_whoever_may_read(
    stocked_client: TestClient, stocked: App
) -> None:
    a_lane(stocked)
    vic = token_of(stocked, "vic", "viewer", shop_id=STOCKED)
    lanes = stocked_client.get("/api/parcels/lanes", headers=vic).json()
    [dhl] = [one for one in lanes if one["carrier"] == "dhl"]
    assert (dhl["origin"], dhl["market"], dhl["n_arrived"]) == ("DE", "DE", 120)
    assert 3 <= dhl["p90_days"] < 5
    lost = stocked_client.get("/api/parcels/lost", headers=vic).json()
    assert "#gone" in {one["order_ref"] for one in lost if one["carrier"] == "dhl"}
    for path in ("lanes", "lost"):
        assert stocked_client.get(f"/api/parcels/{path}").status_code == 401
