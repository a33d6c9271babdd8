"""`secondorder community`, from a file to an invitation."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from agent.assembly import assemble
from agent.settings import load_settings
from tests.api.http.test_communities import WANTED
from tests.factories.facts import Facts
from tests.factories.loyal_shop import settle

from .conftest import Run

pytestmark = pytest.mark.slow


def test_s1_30_a_community_is_set_from_a_file_and_its_page_invites(run: Run, shop: str, tmp_path: Path) -> None:
    app, facts = assemble(load_settings(home=tmp_path / "home")), Facts()
    for number, person in enumerate(("ann", "ben"), 1):
        facts.order(person, app.clock.now() - timedelta(minutes=1), order_ref=f"#{number}")
    settle(app.store, app.lake, facts, app.clock.now(), shop_id=shop)
    app.close()
    path = tmp_path / "community.yaml"
    path.write_text(json.dumps(WANTED))
    assert "community of DE" in run("community", "set", str(path)).out
    assert [one["community"]["id"] for one in run("community", "list", "--json").json] == ["berlin"]
    assert run("community", "activity", "--json").json["n_withheld"] == 0
    assert "shown on pages" in " ".join(run("community", "activity").out.split())
    first = run("community", "eligible", "berlin", "--limit", "1")
    assert "ann" in first.out and "--start 1 goes on" in first.err
    assert run("community", "person", "ben", "--json").json["code"] == "eligible"
    assert str(WANTED["link"]) in run("community", "invite", "#1").out
    assert "already invited" in run("community", "invite", "#1").out
    assert "at least 30" in " ".join(run("community", "report", "--within-days", "30").out.split())
    assert run("community", "end", "berlin").code == 0
    assert "no community" in run("community", "invite", "#2").out
