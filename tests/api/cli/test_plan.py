"""The way of a plan on the command line, over a home that was stocked before."""

import json
from pathlib import Path

import pytest

from memory.domain.canonical import content_hash

from .conftest import Run

pytestmark = pytest.mark.slow


def test_a_plan_goes_the_whole_way_on_the_command_line(so: Run, tmp_path: Path) -> None:
    drafted = so("plan", "draft", "--planner", "playbook", "--json")
    assert drafted.code == 0, drafted.err
    plan_id = content_hash(drafted.json)
    assert drafted.json["format"] == "second-order/plan@1"

    assert so("plan", "list", "--json").json[0]["plan_id"] == plan_id
    assert "First-time" in so("plan", "explain", plan_id[:12], "first_time").out or so("plan", "show").code == 0
    exported = tmp_path / "plan.json"
    assert so("plan", "export", plan_id[:12], "--out", str(exported)).code == 0
    assert content_hash(json.loads(exported.read_bytes())) == plan_id
    assert so("plan", "check", str(exported), "--json").json == []
    priced = so("plan", "price", plan_id, "--json").json
    assert (priced["n_people"] > 0, priced["outlook"]["basis"]) == (True, "assumed")
    assert "Assumption, not measured" in " ".join(so("plan", "show").out.split())
    assert "这是假设，未经测量" in so("plan", "price", plan_id, "--language", "zh").out

    looked = so("plan", "what-if", "--budget", "50", "--cap", "1", "--json", as_id="vic").json
    assert (looked["plan_id"], len(looked["curve"])) == (plan_id, 11)
    assert looked["then"]["net_margin"]["amount_minor"] <= looked["now"]["net_margin"]["amount_minor"]
    assert "什么都没有改变" in so("plan", "what-if", plan_id, "--margin-floor", "0.5", "--language", "zh").out
    assert so("plan", "what-if", "--budget", "lots").code == 2

    assert so("plan", "go-live", plan_id).code == 2  # nobody approved it
    asked = so("approval", "request", plan_id, "--json").json
    assert so("approval", "decide", asked["id"], "approve").code == 2  # mia drafted it
    assert so("approval", "decide", asked["id"], "maybe", as_id="ari").code == 2
    assert so("approval", "decide", asked["id"], "approve", as_id="ari").code == 0
    assert so("plan", "go-live", plan_id, "--json").json["n_treated"] > 0
    assert "vip.mission_points: mission" in so("report", "earned", "--plan", plan_id).out
    assert so("report", "earned", "--plan", plan_id, "--json", as_id="vic").json["plan_id"] == plan_id
    assert so("tick", "--at", "2025-12-03T09:00:00+00:00", "--json").json["n_decisions"] > 0
    assert so("dispatch", "--json").code == 0
    assert so("outbox", "--json").json["counts"]
    sent = next(one for one in so("decision", "list", "--limit", "200", "--json").json if one["chosen"] != "none")
    shown = so("decision", "show", sent["decision_id"], "--language", "zh", as_id="vic")  # s2_23
    assert (shown.code, shown.out.count("[选中]")) == (0, 4)
    whole = so("decision", "show", sent["decision_id"], "--json").json
    assert all(any(one["is_chosen"] for one in whole[name]) for name in ("channels", "times", "subjects", "copies"))
    assert so("decision", "show", "nobody/decided").code == 2
    why = so("decide", "--explain", sent["decision_id"], "--json", as_id="vic").json
    assert (why["decision_id"], why["chance"] or why["chosen"]["channel"]) == (
        sent["decision_id"],
        sent["chosen"].split(":")[1],
    )
    assert "原因" in so("decision", "explain", sent["decision_id"], "--language", "zh").out
    assert so("decide", "--explain", "nobody/decided").code == 2
    for name, start in (("lift.csv", b"\xef\xbb\xbf"), ("lift.png", b"\x89PNG"), ("lift.html", b"<!doctype")):
        assert so("report", "lift", plan_id, "--out", str(tmp_path / name)).code == 0
        assert (tmp_path / name).read_bytes()[:9].lower().startswith(start.lower()), name
    flow = so("report", "messages", plan_id, "--json", as_id="vic").json  # s1_51
    assert (flow["plan_id"], flow["messages"]) == (plan_id, []), "the first ones are due in the evening"
    assert "尚未发出任何消息" in so("report", "messages", plan_id, "--language", "zh").out
    review = so("report", "review", plan_id, "--json", as_id="vic").json
    assert (review["plan_id"], review["proposal"]) == (plan_id, "continue")
    assert review["readable_on"], "too early on the first days"
    page = tmp_path / "brief.html"
    assert so("report", "brief", plan_id, "--language", "zh", "--out", str(page)).code == 0
    assert '<html lang="zh' in page.read_text(encoding="utf-8")


def test_a_refused_wish_ends_with_1_and_names_every_rule(so: Run, tmp_path: Path) -> None:
    brief = tmp_path / "brief.yaml"
    brief.write_text("holdout_rate: 0.0\n", encoding="utf-8")
    said = so("plan", "draft", "--brief", str(brief), "--json")
    assert said.code == 1
    assert said.json["kind"] == "refused"
    assert said.json["reasons"]
    brief.write_text("holdout: much\n", encoding="utf-8")
    wrong = so("plan", "draft", "--brief", str(brief))
    assert wrong.code == 2
    assert "holdout" in wrong.err


def test_d3_a_viewer_plans_nothing(so: Run) -> None:
    said = so("plan", "draft", as_id="vic")
    assert said.code == 2
    assert "may not plan" in said.err
    assert so("plan", "list", as_id="vic").code == 0


def test_dc_07_chat_says_what_changed_after_each_turn(so: Run) -> None:
    events = so("chat", "--say", "draft the plan", "--say", "no SMS in Germany", "--json").json
    kinds = [event["kind"] for event in events]
    assert kinds.count("done") == 2
    assert "plan" in kinds
    assert "diff" in kinds
    assert len({event["chat_id"] for event in events if event["kind"] == "done"}) == 1


def test_chat_reads_lines_until_quit(so: Run) -> None:
    said = so("chat", stdin="help\n/quit\n")
    assert said.code == 0
    assert "--thread c" in said.err


def test_the_look_back_and_the_cohorts_are_told(so: Run, tmp_path: Path) -> None:
    page = tmp_path / "look.html"
    said = so("report", "look-back", "--language", "zh", "--out", str(page), "--json")
    assert said.json["n_new"] > 0
    assert "<svg" in page.read_text(encoding="utf-8")
    cohorts = so("cohort", "show", "--json").json["cohorts"]
    assert [one["id"] for one in cohorts] == ["vip", "reactivated", "discount_sensitive", "first_time"]
    assert so("report", "budget", "--json").code == 0
    assert so("readiness").code == 0


def test_every_recorded_session_replays(so: Run) -> None:
    so("plan", "draft")
    session = so("session", "list", "--json").json[0]
    assert so("session", "show", session["id"]).code == 0
    assert so("session", "replay", session["id"]).code == 2  # a marketer may not evaluate
