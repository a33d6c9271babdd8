"""What the pages of sessions say: entries that open, verdicts of replays, differences; foreign text is text."""

from datetime import UTC, datetime
from typing import get_args

import pytest

from agent.replay.causes import Cause, CauseName
from agent.replay.compared import ChangedDecision, DecisionDiff
from agent.replay.diff import PlanPart, SessionDiff
from agent.replay.report import ReplayReport
from api.ui.sessions.view import (
    MAX_BODY,
    render_board,
    render_diff,
    render_events,
    render_head,
    render_list,
    render_replay,
)
from api.ui.shell.words import LANGUAGES, UiLanguage, words
from memory.domain.session import Session, SessionEvent, SessionEventKind, SessionKind, SessionStatus
from tests.api.verbs.test_scoreboard import a_board

AT, ZONE = datetime(2026, 11, 26, 9, tzinfo=UTC), "Europe/Berlin"


def a_session(**changes: object) -> Session:
    values = {"id": "s1", "shop_id": "nord", "kind": "chat", "principal": "mia", "started_at": AT,
              "status": "finished", "data_version": 3, "guardrail_version": "g" * 64, "seed": 7}  # fmt: skip
    return Session.model_validate(values | changes)


def an_event(kind: str, **body: object) -> SessionEvent:
    values = {"seq": 4, "kind": kind, "at": AT, "body": body, "previous_hash": "", "entry_hash": "h"}
    return SessionEvent.model_validate(values)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_has_its_word(language: UiLanguage) -> None:
    say = words(language)
    for place, values in (
        ("kinds", get_args(SessionKind)), ("statuses", get_args(SessionStatus)), ("events", get_args(SessionEventKind)),
        ("causes", get_args(CauseName)), ("decided", ("same", "differ", "not_bundled", "incomplete")),
    ):  # fmt: skip
        assert all(say("sessions", place, value) for value in values), place


def test_the_list_links_each_session_and_an_empty_one_says_how_to_begin() -> None:
    html = render_list([a_session(principal="<b>eve", plan_id="ab" * 32, status="stopped")], words("en"), ZONE)
    assert 'href="/ui/sessions/s1"' in html and 'href="/ui/plans/abab' in html
    assert "&lt;b&gt;eve" in html and "so-stopped" in html and "10:00 (Europe/Berlin)" in html
    assert 'href="/ui/chat"' in render_list([], words("zh"), ZONE)


def test_an_entry_opens_to_its_content_and_a_long_one_is_cut() -> None:
    say = words("en")
    tool = an_event("tool_call", tool="size_of", arguments={"rule": "<script>x</script>\u202e"})
    html = render_events([tool, an_event("user", text="wie <b>viele</b>?")], say, ZONE)
    assert "Asked a tool: size of" in html and "<script>" not in html and "U+202E" in html
    assert html.count("<details>") == 1 and "wie &lt;b&gt;viele&lt;/b&gt;?" in html  # what people said stands open
    long = render_events([an_event("tool_result", result="x" * (2 * MAX_BODY))], say, ZONE)
    assert len(long) < MAX_BODY + 2_000 and "secondorder session show" in long


def test_the_head_says_what_it_read_and_how_it_ended() -> None:
    html = render_head(
        a_session(status="failed", stop_reason="too_many_calls", usage={"calls": 1200}), words("en"), ZONE
    )
    assert "too_many_calls" in html and "calls 1,200" in html and ">7<" in html


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "same"),
        ({"is_same": False, "drift": ("/1/at <b>",)}, "holds"),
        ({"is_same": False, "plan_hash_same": False}, "differs"),
        ({"decisions": "differ"}, "differs"),
    ],
)
def test_a_replay_has_one_verdict(changes: dict[str, object], verdict: str) -> None:
    values = {"session_id": "s1", "llm": "", "recorded_plan_ids": ("a" * 64,), "replayed_plan_ids": ("a" * 64,),
              "plan_hash_same": True, "recorded_end": "plan", "replayed_end": "plan", "is_same": True,
              "decisions": "same"} | changes  # fmt: skip
    say = words("en")
    html = render_replay(ReplayReport.model_validate(values), say)
    assert say("sessions", "verdicts_more", verdict) in html and "<b>/" not in html
    assert ("/1/at &lt;b&gt;" in html) == (verdict == "holds")


def test_a_difference_names_its_first_cause_and_lists_parts_and_decisions() -> None:
    decisions = DecisionDiff(
        n_same=1000, n_changed=2, n_only_a=0, n_only_b=1,
        listed=(ChangedDecision(step_id="s", person_id="p1", before="a", after="none", reason_before="best",
                                reason_after="cap"),),
    )  # fmt: skip
    part = PlanPart(kind="budget", path="/budget", before="1", after="2", words="The budget <rises>.")
    found = SessionDiff(
        session_a="s1", session_b="s2", first_cause="guardrails",
        causes=(Cause(name="guardrails", before="x", after="y", place="/a"),), is_changed=True, end_a="plan",
        end_b="plan", parts=(part,), decisions=decisions, notes=("steps_without_inputs: a",),
    )  # fmt: skip
    html = render_diff(found, words("en"))
    assert "First input that differs: the guardrails." in html and "The budget &lt;rises&gt;." in html
    assert "1,000" in html and "steps_without_inputs: a" in html and "p1" in html
    same = SessionDiff(session_a="s1", session_b="s2", end_a="plan", end_b="plan")
    assert words("zh")("sessions", "unchanged") in render_diff(same, words("zh"))


def test_the_scoreboard_is_a_table_and_says_that_it_is_invented() -> None:
    html = render_board(a_board(), words("en"))
    assert "playbook" in html and "+2.00" in html and "Invented people" in html
