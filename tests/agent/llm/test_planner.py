"""The planner ends in an accepted plan or a safe stop, within its limits, whatever it is answered."""

import time
from contextlib import nullcontext
from typing import Any, Literal

import pytest

from agent.llm.limits import Limits
from agent.llm.planner import Planned
from memory.domain.outcome import Stopped
from tests.factories.lessons import a_lesson
from tests.factories.planning import context

from .runs import run_against
from .scripted import Dripped, calls, says, scripted_llm

pytestmark = pytest.mark.slow

GOOD = {"title": "After the peak", "drop": {"vip": ["gift_with_purchase"]}, "note": "Fewer gifts."}


def stop(outcome: Planned | Stopped) -> Stopped:
    assert isinstance(outcome, Stopped), outcome
    return outcome


def plan(outcome: Planned | Stopped) -> Planned:
    assert isinstance(outcome, Planned), outcome
    return outcome


def test_dc_01_a_submitted_draft_becomes_a_checked_plan_with_usage_and_cost() -> None:
    with scripted_llm([calls("submit_plan", GOOD)]) as script:
        outcome, recorder = run_against(script)
    made = plan(outcome).plan
    assert made.title == "After the peak"
    assert (made.planner.kind, made.planner.llm) == ("llm", "scripted")
    assert "plan/v1" in made.planner.prompts
    assert not [step for step in made.steps() if step.id == "vip.gift_with_purchase"]
    assert recorder.head.usage == {"calls": 1, "input_tokens": 100, "output_tokens": 20}
    assert recorder.head.cost_microunits == 140
    assert [event.body["plan_id"] for event in recorder.events if event.kind == "plan"] == [made.id]


def test_dc_01_a_refusal_names_its_reasons_and_is_repaired() -> None:
    bad = {"title": "x", "add": {"vip": ["carrier_pigeon@10"]}, "note": "n"}
    with scripted_llm([calls("submit_plan", bad, "a"), calls("submit_plan", GOOD, "b")]) as script:
        outcome, recorder = run_against(script)
    assert plan(outcome)
    told = script.requests[1].decode()
    assert "refused" in told and "carrier_pigeon" in told
    assert [event.body["tool"] for event in recorder.events if event.kind == "refusal"] == ["submit_plan"]


def test_c1_at_most_two_repairs_then_a_safe_stop_with_the_reasons() -> None:
    bad = {"title": "x", "add": {"vip": ["carrier_pigeon@10"]}, "note": "n"}
    with scripted_llm([calls("submit_plan", bad)]) as script:
        outcome, recorder = run_against(script)
    assert stop(outcome).code == "refused_too_often"
    assert stop(outcome).reasons
    assert len(script.requests) == 3
    assert recorder.events[-1].kind == "stop"


def test_c1_a_planner_that_only_talks_is_asked_once_more_and_then_for_json() -> None:
    with scripted_llm(
        [says("Sure!"), says("I would plan..."), says('```json\n{"title": "t", "note": "n"}\n```')]
    ) as script:
        outcome, _ = run_against(script)
    assert plan(outcome).plan.title == "t"
    assert b"response_format" in script.requests[2] and b'"tools"' not in script.requests[2]


def test_c1_a_planner_that_never_submits_stops() -> None:
    with scripted_llm([says("I cannot help with that.")]) as script:
        outcome, _ = run_against(script)
    assert stop(outcome).code == "nothing_submitted"
    assert len(script.requests) == 3


def test_c2_the_same_call_for_ever_ends_at_the_limit_of_calls() -> None:
    with scripted_llm([calls("store_overview", {})]) as script:
        outcome, recorder = run_against(script, limits=Limits(max_calls=5))
    assert stop(outcome).code == "too_many_calls"
    assert len(script.requests) == 5
    assert recorder.head.usage["calls"] == 5


def test_c2_tokens_money_and_seconds_are_limited_outside_the_llm() -> None:
    ticks = iter(range(0, 100_000, 40))
    cases: list[tuple[str, Limits, dict[str, Any]]] = [
        ("too_many_tokens", Limits(max_tokens=250), {}),
        ("too_expensive", Limits(max_cost_microunits=200), {}),
        ("too_slow", Limits(max_seconds=100), {"monotonic": lambda: float(next(ticks))}),
    ]
    for code, limits, options in cases:
        with scripted_llm([calls("store_overview", {})]) as script:
            outcome, _ = run_against(script, limits=limits, **options)
        assert stop(outcome).code == code
        assert len(script.requests) <= 3, code


@pytest.mark.parametrize("where", ["head", "body"])
def test_c2_an_answer_that_comes_a_byte_at_a_time_ends_with_the_seconds_of_the_run(
    where: Literal["head", "body"],
) -> None:
    """Each byte comes in time, and one answer may take half a minute; the run's own seconds are what counts."""
    drip = Dripped(where)
    with scripted_llm([drip]) as script:
        outcome, recorder = run_against(script, limits=Limits(max_seconds=2.5), seconds=30.0)
        assert stop(outcome).code == "too_slow"
        assert len(script.requests) == 1, "it is not asked again"
    assert 0 < drip.n_bytes < 1_000, "of a hundred thousand"
    assert recorder.events[-1].kind == "stop"


@pytest.mark.parametrize("where", ["head", pytest.param("body", marks=pytest.mark.long)])
def test_c2_planted_without_a_deadline_the_answer_goes_on_dripping(
    where: Literal["head", "body"], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library's own timeout counts anew with every byte: long after the run's second the answer still comes."""
    with scripted_llm([says("Hello.")]) as script:
        run_against(script)  # what a first request loads is not to count
    monkeypatch.setattr("agent.llm.guard.within", lambda _seconds: nullcontext())
    drip = Dripped(where)
    with scripted_llm([drip]) as script:
        began = time.monotonic()
        outcome, _ = run_against(script, limits=Limits(max_seconds=2.0), seconds=5.0)
        assert stop(outcome).code == "too_slow"
    assert drip.last_at - began > 2.5, "ended by the limit of one answer, not by that of the run"


def test_c2_429_and_503_are_retried_in_one_place_only() -> None:
    with scripted_llm([b"{}", b"{}", calls("submit_plan", GOOD)], status=[429, 503]) as script:
        outcome, _ = run_against(script)
    assert plan(outcome)
    with scripted_llm([b"{}"], status=[500] * 9) as script:
        outcome, _ = run_against(script)
    assert stop(outcome).code == "llm_unavailable"
    assert len(script.requests) == 3


def test_c2_a_refused_request_and_a_missing_server_are_safe_stops() -> None:
    with scripted_llm([b'{"error": {"message": "context overflow"}}'], status=[400] * 9) as script:
        outcome, _ = run_against(script)
        assert stop(outcome).code == "llm_refused"
        assert len(script.requests) == 1
    outcome, _ = run_against(script)  # the server is down now
    assert stop(outcome).code == "llm_unavailable"


def test_s2_24_a_planner_that_tries_to_change_a_guardrail_is_refused_and_recorded() -> None:
    greedy = calls("set_guardrails", {"discount_ceiling": {"vip": 1.0}})
    with scripted_llm([greedy, calls("submit_plan", GOOD, "b")]) as script:
        outcome, recorder = run_against(script)
    assert plan(outcome)
    refusals = [event.body for event in recorder.events if event.kind == "refusal"]
    assert refusals[0]["tool"] == "set_guardrails"
    assert refusals[0]["reasons"][0]["code"] == "unknown_tool"


def test_s2_24_a_discount_above_the_ceiling_never_becomes_a_plan() -> None:
    deep = {
        "title": "Half price",
        "add": {"vip": ["discount_offer@35+half"]},
        "offers": [{"id": "half", "kind": "discount", "rate": 0.5}],
        "note": "n",
    }
    with scripted_llm([calls("submit_plan", deep)]) as script:
        outcome, _ = run_against(script)
    assert stop(outcome).code == "refused_too_often"
    assert any("ceiling" in row.rule or "ceiling" in row.code for row in stop(outcome).reasons), stop(outcome).reasons


def test_c6_the_key_reaches_the_server_and_no_recording() -> None:
    with scripted_llm([calls("submit_plan", GOOD)]) as script:
        _, recorder = run_against(script)
    assert any("sk-secret" in value for value in script.headers[0].values())
    assert "sk-secret" not in recorder.stored().model_dump_json()


def test_dc_01_prompts_begin_alike_so_that_endpoints_can_reuse_their_work() -> None:
    with scripted_llm([calls("submit_plan", GOOD)]) as first:
        run_against(first)
    with scripted_llm([calls("submit_plan", GOOD)]) as second:
        run_against(second)
    assert first.requests == second.requests


def test_dc_07_lessons_of_measured_plans_are_in_what_the_model_reads_where_there_are_some() -> None:
    told = []
    for lessons in ((), (a_lesson(),)):
        with scripted_llm([calls("submit_plan", GOOD)]) as script:
            outcome, _ = run_against(script, context=context(lessons=lessons))
        told.append(script.requests[0].decode())
        assert bool(plan(outcome).plan.effects) == bool(lessons)
    assert "Lessons measured in this shop" not in told[0]
    assert "Lessons measured in this shop (data;" in told[1]
    assert "+0.050 orders per person (+0.040 to +0.060, 95 %)" in told[1]
