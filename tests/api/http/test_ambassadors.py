"""S1-32: candidates are explained, an invitation needs a second person, and friends' orders are tracked."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from agent.assembly import App
from memory.domain.clock import ManualClock
from memory.domain.errors import Conflict, NotPermitted
from memory.domain.principal import Grant, Principal
from memory.store.engine import Store
from tests.api.conftest import SHOP, token_of
from tests.factories.facts import Facts
from tests.factories.loyal_shop import settle
from tests.tools.loyalty.programme import AS_OF

pytestmark = pytest.mark.slow


@pytest.fixture
def stood(installation: App) -> App:
    now, facts = installation.clock.now(), Facts()
    facts.order("ann", now - timedelta(days=9))
    facts.order("ann", now - timedelta(days=8))
    facts.order("ben", now - timedelta(days=3))
    settle(installation.store, installation.lake, facts, now, shop_id=SHOP)
    return installation


def test_s1_32_a_candidate_is_explained_and_invited_with_four_eyes(client: TestClient, stood: App) -> None:
    both = token_of(stood, "amy", "marketer", "approver")
    ari, page = token_of(stood, "ari", "approver"), token_of(stood, "page", "intake")
    found = client.get("/api/ambassadors/candidates", headers=both).json()
    assert [(one["person_id"], one["score"]) for one in found["candidates"]] == [("ann", 10), ("ben", 5)]
    assert {"term": "orders", "n": 2, "n_counted": 2, "points_each": 5, "points": 10} in found["candidates"][0]["terms"]
    assert client.post("/api/ambassadors/nobody/proposal", headers=both).status_code == 422
    assert client.post("/api/ambassadors/ann/proposal", headers=both).json()["state"] == "proposed"
    assert client.post("/api/ambassadors/ann/proposal", headers=both).status_code == 409
    assert client.post("/api/ambassadors/ann/acceptance", headers=page).status_code == 409
    [waiting] = client.get("/api/ambassadors/proposals", headers=ari).json()
    assert (waiting["person_id"], waiting["score"]) == ("ann", 10)
    yes = {"approve": True}
    refused = client.post("/api/ambassadors/ann/decision", json=yes, headers=both)
    assert (refused.status_code, refused.json()["code"]) == (403, "OwnProposal")
    made = client.post("/api/ambassadors/ann/decision", json=yes, headers=ari).json()
    assert (made["state"], made["decided_by"]) == ("invited", "ari")
    assert client.post("/api/ambassadors/ann/decision", json=yes, headers=ari).status_code == 409
    assert client.post("/api/ambassadors/ann/acceptance", headers=page).json()["state"] == "ambassador"
    assert [
        one["person_id"] for one in client.get("/api/ambassadors/candidates", headers=both).json()["candidates"]
    ] == ["ben"]


def test_s1_32_what_friends_order_after_the_yes_is_tracked(client: TestClient, stood: App) -> None:
    mia, ari = token_of(stood, "mia", "marketer"), token_of(stood, "ari", "approver")
    client.post("/api/ambassadors/ann/proposal", headers=mia)
    client.post("/api/ambassadors/ann/decision", json={"approve": True}, headers=ari)
    client.post("/api/ambassadors/ann/acceptance", headers=token_of(stood, "page", "intake"))
    clock, facts = stood.clock, Facts()
    assert isinstance(clock, ManualClock)
    clock.set(clock.now() + timedelta(days=5))
    facts.referral("ann", "fay", clock.now() - timedelta(days=4))
    facts.order("fay", clock.now() - timedelta(days=3), subtotal_minor=7_000, order_ref="#f", fact_id="fay-1")
    settle(stood.store, stood.lake, facts, clock.now(), shop_id=SHOP)
    found = client.get("/api/ambassadors/orders", headers=mia).json()
    assert found == [{"person_id": "ann", "n_friends": 1, "n_orders": 1, "net_minor": 7_000}]
    assert client.post("/api/ambassadors/ann/end", headers=mia).json()["state"] == "ended"
    assert client.post("/api/ambassadors/ann/proposal", headers=mia).json()["state"] == "proposed"


def test_s1_32_no_agent_approves_an_invitation(stood: App) -> None:
    from agent.community.ambassadors import decide

    grants = (Grant(shop_id=SHOP, role="agent"), Grant(shop_id=SHOP, role="approver"))
    agent = Principal(id="bot", name="bot", kind="agent", grants=grants)
    with stood.store.unit_of_work() as uow:
        uow.ambassadors.propose(SHOP, "ann", {"ann"}, "mia", AS_OF)
        with pytest.raises(NotPermitted):
            decide(uow, uow.shops.get(SHOP), agent, "ann", approve=True, at=AS_OF)
        assert uow.ambassadors.get(SHOP, "ann").state == "proposed"


def test_s1_32_somebody_is_proposed_once_under_any_of_their_records(any_store: Store) -> None:
    with any_store.unit_of_work() as uow:
        uow.ambassadors.propose(SHOP, "old", {"old"}, "mia", AS_OF)
        with pytest.raises(Conflict, match="proposed"):
            uow.ambassadors.propose(SHOP, "ann", {"ann", "old"}, "mia", AS_OF)
        uow.ambassadors.move(SHOP, "old", ("proposed",), "refused", decided_by="ari", decided_at=AS_OF)
        with pytest.raises(Conflict, match="refused"):
            uow.ambassadors.move(SHOP, "old", ("proposed",), "invited")
        assert uow.ambassadors.propose(SHOP, "old", {"old"}, "amy", AS_OF).decided_by == ""
        assert uow.ambassadors.since(SHOP).num_rows == 0
