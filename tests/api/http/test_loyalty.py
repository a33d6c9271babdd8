"""Loyalty over HTTP: what the command shows, by roles."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from agent.assembly import App
from tests.api.conftest import SHOP, token_of
from tests.factories.facts import Facts
from tests.factories.loyal_shop import settle
from tests.tools.loyalty.programme import a_programme

pytestmark = pytest.mark.slow


@pytest.fixture
def stood(installation: App) -> App:
    """The shop with a programme and one member who has 120 points."""
    now, facts = installation.clock.now(), Facts()
    facts.add("memberships", now - timedelta(days=9), subject_id="ann", is_member=True)
    facts.order("ann", now - timedelta(days=3), subtotal_minor=12_000)
    settle(installation.store, installation.lake, facts, now, a_programme(), shop_id=SHOP)
    return installation


def test_s1_21_a_till_redeems_and_an_analyst_reads(client: TestClient, stood: App) -> None:
    till, reader = token_of(stood, "till", "intake"), token_of(stood, "vic", "viewer")
    asked = {"id": "q1", "reward_id": "ten-back"}
    assert client.post("/api/loyalty/people/ann/redemptions", json=asked, headers=reader).status_code == 403
    made = client.post("/api/loyalty/people/ann/redemptions", json=asked, headers=till).json()
    assert (made["code"], made["balance"], made["redemption"]["by"]) == ("redeemed", 20, "till")
    refused = client.post("/api/loyalty/people/ann/redemptions", json={**asked, "id": "q2"}, headers=till).json()
    assert (refused["code"], refused["redemption"]) == ("too_few_points", None)
    account = client.get("/api/loyalty/people/ann", headers=reader).json()
    assert (account["balance"], [one["kind"] for one in account["movements"]]) == (20, ["earned", "redeemed"])
    assert client.get("/api/loyalty/people/ann", headers=till).status_code == 403
    assert client.get("/api/loyalty/expiring", headers=reader).json() == []


def test_s1_21_only_who_sets_limits_sets_the_programme(client: TestClient, stood: App) -> None:
    mia, reader = token_of(stood, "mia", "marketer"), token_of(stood, "vic", "viewer")
    example = client.get("/api/loyalty/programme/example", headers=reader).json()
    assert client.put("/api/loyalty/programme", json=example, headers=reader).status_code == 403
    assert client.put("/api/loyalty/programme", json=example, headers=mia).status_code == 200
    found = client.get("/api/loyalty/programme", headers=reader).json()
    assert (found["programme"], found["set_by"]) == (example, "mia")
    assert len(client.get("/api/loyalty/programmes", headers=reader).json()) == 2
    wrong = client.put("/api/loyalty/programme", json={**example, "earn": []}, headers=mia)
    assert wrong.status_code == 422 and "earn" in wrong.text
