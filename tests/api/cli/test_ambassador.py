"""`secondorder challenge` and `secondorder ambassador`, from a file to an ambassador."""

from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from agent.assembly import assemble
from agent.settings import load_settings
from tests.factories.facts import Facts
from tests.factories.loyal_shop import settle

from .conftest import Run

pytestmark = pytest.mark.slow


@pytest.fixture
def yesterday(run: Run, shop: str, tmp_path: Path) -> str:
    """A buyer, a challenge that runs, and when she posted."""
    app, facts = assemble(load_settings(home=tmp_path / "home")), Facts()
    now = app.clock.now()
    facts.order("ann", now - timedelta(days=3))
    settle(app.store, app.lake, facts, now, shop_id=shop)
    with app.store.unit_of_work() as uow:
        uow.communities.show(shop, "any", "ann", now)
    app.close()
    autumn = {
        "id": "autumn", "title": "Autumn", "rules": "Show where you run.", "hashtag": "#autumn",
        "starts_on": (now - timedelta(days=9)).date(), "ends_on": now.date(), "markets": ["DE"],
    }  # fmt: skip
    (tmp_path / "challenge.yaml").write_text(yaml.safe_dump(autumn))
    assert run("challenge", "set", str(tmp_path / "challenge.yaml")).code == 0
    return (now - timedelta(days=1)).isoformat()


def test_s1_31_a_file_hands_in_and_a_person_decides(run: Run, yesterday: str, tmp_path: Path) -> None:
    rows = f"person,link,submitted_at,rights_source,rights_at\nann,https://a.com/1,{yesterday},form,{yesterday}\n"
    (tmp_path / "posts.csv").write_text(rows)
    (made,) = run("challenge", "submit", "autumn", str(tmp_path / "posts.csv"), "--json").json
    assert made["code"] == "taken"
    name = made["submission"]["id"]
    assert run("challenge", "decide", name, "refused").code == 2
    assert run("challenge", "decide", name, "accepted").out.strip() == "accepted"
    (kept,) = run("challenge", "submissions", "autumn", "--usable", "--json").json
    assert (kept["decided_by"], kept["state"]) == ("ann", "accepted")
    (counted,) = run("challenge", "counts", "--json").json
    assert (counted["n_accepted"], counted["n_usable"]) == (1, 1)
    assert [one["id"] for one in run("challenge", "list", "--json").json] == ["autumn"]


def test_s1_32_who_proposes_does_not_approve(run: Run, yesterday: str) -> None:
    assert yesterday
    (found,) = run("ambassador", "candidates", "--json").json["candidates"]
    assert (found["person_id"], found["score"]) == ("ann", 5)
    assert run("ambassador", "propose", "ann").code == 0
    assert [one["score"] for one in run("ambassador", "proposals", "--json").json] == [5]
    assert run("ambassador", "approve", "ann").code == 2
    assert run("principal", "add", "ari", "--role", "approver").code == 0
    assert run("ambassador", "approve", "ann", as_id="ari").code == 0
    assert "is an ambassador" in run("ambassador", "accept", "ann").out
    assert [one["n_orders"] for one in run("ambassador", "orders", "--json").json] == [0]
    assert run("ambassador", "list", "--json").json[0]["decided_by"] == "ari"
