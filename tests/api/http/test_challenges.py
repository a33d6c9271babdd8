"""Challenges over HTTP and as commands: a page hands in, a person decides, everything decided is logged."""

from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from agent.assembly import App
from tests.api.conftest import SHOP, token_of
from tests.factories.facts import Facts
from tests.factories.loyal_shop import settle

pytestmark = pytest.mark.slow


def wanted(app: App) -> dict[str, object]:
    today = app.clock.now().date()
    return {
        "id": "autumn", "title": "Autumn runs", "rules": "Show where you run.", "hashtag": "#autumnruns",
        "starts_on": (today - timedelta(days=9)).isoformat(), "ends_on": today.isoformat(), "markets": ["DE"],
    }  # fmt: skip


@pytest.fixture
def stood(installation: App) -> App:
    now, facts = installation.clock.now(), Facts()
    facts.order("ann", now - timedelta(days=3))
    settle(installation.store, installation.lake, facts, now, shop_id=SHOP)
    return installation


def test_s1_31_a_post_is_handed_in_decided_and_used(client: TestClient, stood: App) -> None:
    mia, page = token_of(stood, "mia", "marketer"), token_of(stood, "page", "intake")
    vic, now = token_of(stood, "vic", "viewer"), (stood.clock.now() - timedelta(days=1)).isoformat()
    assert client.put("/api/challenges", json=wanted(stood), headers=mia).status_code == 200
    rights = {"source": "form", "given_at": now}
    post = {"person_id": "ann", "link": "https://a.com/1", "submitted_at": now, "rights": rights}
    made = client.post("/api/challenges/autumn/submissions", json=post, headers=page).json()
    assert (made["code"], made["submission"]["state"]) == ("taken", "waiting")
    submission = f"/api/challenges/submissions/{made['submission']['id']}"
    assert client.post(f"{submission}/decision", json={"decision": "accepted"}, headers=vic).status_code == 403
    assert client.post(f"{submission}/decision", json={"decision": "refused"}, headers=mia).status_code == 422
    said = client.post(f"{submission}/decision", json={"decision": "accepted", "why": "fits"}, headers=mia).json()
    assert (said["state"], said["decided_by"], said["why"]) == ("accepted", "mia", "fits")
    assert client.post(f"{submission}/decision", json={"decision": "accepted"}, headers=mia).status_code == 409
    usable = "/api/challenges/autumn/submissions?usable=true"
    assert len(client.get(usable, headers=vic).json()) == 1
    [counted] = client.get("/api/challenges/counts", headers=vic).json()
    assert [counted[f"n_{one}"] for one in ("waiting", "accepted", "usable", "refused")] == [0, 1, 1, 0]
    assert client.put(f"{submission}/rights", json={"rights": None}, headers=page).json()["rights"] is None
    assert client.get(usable, headers=vic).json() == []
    [counted] = client.get("/api/challenges/counts", headers=vic).json()
    assert (counted["n_accepted"], counted["n_usable"]) == (1, 0)
    with stood.store.read() as uow:
        found = [(entry.actor, entry.action) for entry in uow.audit.entries() if entry.action.startswith("challenge")]
    assert found == [("mia", "challenge.set"), ("mia", "challenge.accepted"), ("page", "challenge.rights_taken_back")]


def test_s1_31_no_agent_decides(client: TestClient, stood: App) -> None:
    from api.verbs import challenges
    from api.verbs.acting import Acting
    from memory.domain.errors import NotPermitted
    from memory.domain.principal import Grant, Principal

    agent = Principal(id="bot", name="bot", kind="agent", grants=(Grant(shop_id=SHOP, role="agent"),))
    with pytest.raises(NotPermitted):
        challenges.decide(Acting(app=stood, principal=agent, shop_id=SHOP), "0" * 16, "accepted")
    assert client.get("/api/challenges", headers=token_of(stood, "vic", "viewer")).json() == []


def test_s1_31_a_file_hands_in_posts_of_people_named_by_pseudonym(stood: App, tmp_path: Path) -> None:
    from api.verbs import challenges
    from tests.api.verbs.acting import as_

    admin = as_(stood, "amy", "admin")
    challenges.put(admin, challenges.read(str(wanted(stood)).replace("'", '"')))
    now = (stood.clock.now() - timedelta(days=1)).isoformat()
    head = "person,link,submitted_at,rights_source,rights_at\n"
    with stood.store.unit_of_work() as uow:
        uow.communities.show(SHOP, "any", "ann", stood.clock.now())
    found = challenges.submit_file(
        admin, "autumn", head + f"ann,https://a.com/1,{now},,\nnobody,https://a.com/2,{now},,\n"
    )
    assert [one.code for one in found] == ["taken", "unknown_person"]
