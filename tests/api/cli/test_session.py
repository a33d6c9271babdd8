"""Sessions on the command line: export, replay elsewhere, counterfactual replay, diff, a batch with a JUnit file."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from agent.assembly import App
from memory.domain.principal import Grant, Principal
from tests.api.conftest import STOCKED

from .conftest import Run, _runner

pytestmark = pytest.mark.slow


@pytest.fixture
def eve(so: Run, stocked: App) -> Run:
    """Commands of an evaluator."""
    with stocked.store.unit_of_work() as uow:
        grant = Grant(shop_id=STOCKED, role="evaluator")
        uow.principals.add(Principal(id="eve", name="Eve", grants=(grant,)), stocked.clock.now())
    return lambda *words, **given: so(*words, **{"as_id": "eve", **given})


def test_dc_09_a_session_that_went_live_travels_and_replays_elsewhere(so: Run, eve: Run, tmp_path: Path) -> None:
    assert so("plan", "draft", "--planner", "playbook", "--json").code == 0
    session = so("session", "list", "--json").json[0]
    asked = so("approval", "request", session["plan_id"], "--json").json
    assert so("approval", "decide", asked["id"], "approve", as_id="ari").code == 0
    assert so("plan", "go-live", session["plan_id"]).code == 0
    assert so("tick", "--at", "2025-12-03T09:00:00+00:00").code == 0

    out = tmp_path / "sessions" / "one"
    assert so("session", "export", session["id"], "--out", str(out)).code == 2  # mia may not evaluate
    written = eve("session", "export", session["id"], "--out", str(out), "--json").json
    assert written["n_decisions"] > 0
    here = eve("session", "replay", session["id"], "--json")
    assert (here.code, here.json["decisions"], here.json["n_hand_offs"]) == (0, "same", 0)

    elsewhere = _runner(tmp_path / "elsewhere", "ann")
    assert elsewhere("shop", "create", "other", "--name", "O", "--currency", "EUR", "--zone", "Europe/Berlin").code == 0
    refused = elsewhere("session", "replay", str(out))
    assert refused.code == 2 and written["fingerprint"] in refused.err
    trust = ("--trust", written["fingerprint"])
    there = elsewhere("session", "replay", str(out), *trust, "--json")
    assert (there.code, there.json["decisions"]) == (0, "same")
    assert there.json["replayed_decision_hashes"] == here.json["replayed_decision_hashes"]
    assert eve("session", "key").out.strip() == written["fingerprint"]

    file = tmp_path / "junit.xml"
    batch = elsewhere("session", "replay", str(tmp_path / "sessions"), "--junit", str(file), *trust)
    assert batch.code == 0 and "1 same" in batch.out
    assert ElementTree.parse(file).getroot()[0].get("tests") == "1"
    (out / "cassette.yaml").write_text("x", encoding="utf-8")
    assert elsewhere("session", "replay", str(tmp_path / "sessions"), "--junit", str(file), *trust).code == 1


def test_dc_09_what_other_guardrails_would_have_done(so: Run, eve: Run, tmp_path: Path) -> None:
    assert so("plan", "draft", "--planner", "playbook").code == 0
    first = so("session", "list", "--json").json[0]["id"]
    other = tmp_path / "other.yaml"
    shown = so("guardrails", "show").out.replace("min_holdout_rate: 0.05", "min_holdout_rate: 0.3")
    shown = shown.replace("min_holdout_rate: 0.1\n", "min_holdout_rate: 0.3\n")
    other.write_text(shown, encoding="utf-8")
    told = eve("session", "replay", first, "--with", f"guardrails={other}", "--language", "zh")
    assert told.code == 0, told.err
    assert "首要原因：护栏" in told.out
    found = eve("session", "replay", first, "--with", f"guardrails={other}", "--json").json
    assert (found["first_cause"], found["is_changed"]) == ("guardrails", True)
    assert len(so("session", "list", "--json").json) == 1  # nothing was kept
    assert "LLM_BASE_URL" in eve("session", "replay", first, "--with", "llm=big").err

    assert so("plan", "draft", "--planner", "playbook").code == 0
    second = so("session", "list", "--json").json[0]["id"]
    same = eve("session", "diff", first, second, "--json").json
    assert (same["is_changed"], same["first_cause"]) == (False, None)
    assert so("session", "diff", first, second).code == 2
