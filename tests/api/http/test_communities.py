"""Communities over HTTP and as commands: a person sets them, a till asks, an analyst reads."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from agent.assembly import App
from memory.domain.principal import Grant, Principal
from tests.api.conftest import SHOP, token_of
from tests.factories.facts import Facts
from tests.factories.loyal_shop import settle

pytestmark = pytest.mark.slow
WANTED = {
    "id": "berlin", "market": "DE", "platform": "facebook", "name": "Runners", "link": "https://facebook.com/groups/1",
    "rule": {"op": "bought", "at_least": 1},
}  # fmt: skip


@pytest.fixture
def stood(installation: App) -> App:
    now, facts = installation.clock.now(), Facts()
    for number, person in enumerate(("ann", "ben"), 1):
        facts.order(person, now - timedelta(days=3), order_ref=f"#{number}")
    joined = now - timedelta(days=1)
    facts.add("community_memberships", joined, subject_id="ben", community_id="berlin", is_member=True)
    settle(installation.store, installation.lake, facts, now, shop_id=SHOP)
    return installation


def test_s1_30_a_community_is_set_asked_about_and_ended(client: TestClient, stood: App) -> None:
    mia, vic = token_of(stood, "mia", "marketer"), token_of(stood, "vic", "viewer")
    page = token_of(stood, "page", "intake")
    assert client.put("/api/communities", json=WANTED, headers=vic).status_code == 403
    made = client.put("/api/communities", json=WANTED, headers=mia).json()
    assert (made["community"]["link"], made["set_by"], made["ended_at"]) == (WANTED["link"], "mia", None)
    assert client.get("/api/communities/berlin/eligible", headers=vic).json()["people"] == ["ann"]
    came = client.get("/api/communities/activity", headers=vic).json()
    assert came["communities"] == [{"community_id": "berlin", "n_joined": 1, "n_in": 1, "n_left": 0, "n_shown": 0}]
    assert client.get("/api/communities/people/ben", headers=vic).json()["code"] == "in_community"
    shown = [client.post("/api/communities/invitations", json={"order_ref": "#1"}, headers=page) for _ in "12"]
    assert [one.json()["code"] for one in shown] == ["show", "already_invited"]
    assert client.post("/api/communities/invitations", json={"order_ref": "#9"}, headers=page).status_code == 404
    assert client.post("/api/communities/berlin/end", headers=mia).json()["ended_at"]
    assert client.get("/api/communities/berlin/eligible", headers=vic).json()["n_all"] == 0
    assert len(client.get("/api/communities", headers=vic).json()) == 1
    with stood.store.read() as uow:
        assert {entry.action for entry in uow.audit.entries()} >= {"community.set", "community.end"}


@pytest.mark.parametrize("link", ["http://facebook.com/groups/1", "https://facebook.com/a b", "wechat://x"])
def test_s1_30_a_link_that_no_browser_opens_safely_is_refused(client: TestClient, stood: App, link: str) -> None:
    mia = token_of(stood, "mia", "marketer")
    assert client.put("/api/communities", json={**WANTED, "link": link}, headers=mia).status_code == 422


def test_s1_30_no_machine_sets_where_customers_are_sent(client: TestClient, stood: App) -> None:
    grant = Grant(shop_id=SHOP, role="marketer")
    with stood.store.unit_of_work() as uow:
        uow.principals.add(Principal(id="bot", name="bot", kind="system", grants=(grant,)), stood.clock.now())
        token = uow.principals.create_token("bot", stood.clock.now() + timedelta(days=3), at=stood.clock.now())
    refused = client.put("/api/communities", json=WANTED, headers={"Authorization": f"Bearer {token}"})
    assert refused.status_code == 403


def test_s1_33_the_report_is_read_by_who_may_read(client: TestClient, stood: App) -> None:
    vic, page = token_of(stood, "vic", "viewer"), token_of(stood, "page", "intake")
    assert client.get("/api/communities/report", headers=page).status_code == 403
    found = client.get("/api/communities/report?group=ambassadors", headers=vic).json()
    assert (found["group"], found["comparison"]["code"]) == ("ambassadors", "too_few_people")
    assert found["not_randomised"]["code"] == "no_control_group"
    late = client.get("/api/communities/report?begins_on=2999-01-01", headers=vic)
    assert late.status_code == 422
