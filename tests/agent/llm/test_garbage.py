"""Hundreds of broken answers: each is refused by type, repaired at most twice, and ends in a plan or a safe stop."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.llm.guard import GuardTransport
from agent.llm.limits import Limits
from agent.llm.planner import Planned
from agent.llm.strict_json import BadJson, strict_object
from memory.domain.outcome import Stopped

from .runs import run_against
from .scripted import Reply, calls, completion, says, scripted_llm

pytestmark = pytest.mark.slow

DEEP = '{"add":' * 5_000 + "1" + "}" * 5_000
ARGUMENTS: list[str] = [
    "",
    "{",
    '{"title": "x"',
    '{"title": "x", "title": "y"}',
    '{"drop": {"vip": [], "vip": ["cross_sell"]}}',
    DEEP,
    "[" * 100_000,
    '{"holdout_rate": ' + "9" * 5_000 + "}",
    '{"holdout_rate": 1e999}',
    '{"holdout_rate": NaN}',
    '{"holdout_rate": Infinity}',
    '{"holdout_rate": "0.1"}',
    '{"holdout_rate": true}',
    '{"holdout_rate": -0.1}',
    '{"holdout_rate": 1.5}',
    '{"title": 5}',
    '{"title": null}',
    '{"title": "' + "x" * 2_000_000 + '"}',
    '{"drop": []}',
    '{"drop": {"everyone": ["cross_sell"]}}',
    '{"add": {"vip": "store_credit"}}',
    '{"add": {"vip": [["store_credit"]]}}',
    '{"add": {"vip": ["store_credit@999"]}}',
    '{"add": {"vip": ["store_credit@28+free money"]}}',
    '{"add": {"vip": ["' + "', '".join(["store_credit"] * 5_000) + '"]}}',
    json.dumps({"add": {"vip": ["cross_sell@1"] * 1_000}}),
    '{"journeys": {"vip": []}}',
    '{"journeys": {"vip": ["../../etc/passwd"]}}',
    '{"offers": [{"id": "x", "kind": "discount", "rate": 0.99}], "add": {"vip": ["discount_offer@35+x"]}}',
    '{"offers": [{"id": "x", "kind": "cash"}], "add": {"vip": ["store_credit@35+x"]}}',
    '{"buckets": {"automation": 1, "referral": 1}}',
    '{"buckets": {"casino": 1}}',
    '{"approve": true}',
    '{"__class__": "Plan"}',
    '"submit"',
    "42",
    "null",
    "[]",
    "```json\n{}\n```",
    '{"title": "\\ud800"}',
    '{"title": "\\u0000\\u202e"}',
    "\x00\x01",
    "Sure! Here is the plan:",
]
ANSWERS: list[Reply] = [
    b"",
    b"not json",
    b"{}",
    b"[]",
    b"null",
    b'{"choices": []}',
    b'{"choices": [{}]}',
    b'{"choices": [{"message": null}]}',
    b'{"choices": [{"message": {"content": 5}}]}',
    b'{"choices": [{"message": {"tool_calls": "x"}}]}',
    b'{"choices": [{"message": {"tool_calls": [5]}}]}',
    b'{"choices": [{"message": {"tool_calls": [{"function": {"name": "", "arguments": "{}"}}]}}]}',
    b'{"choices": [{"message": {"tool_calls": [{"function": {"name": 5}}]}}]}',
    b'{"choices": ' + b"[" * 50_000,
    b'{"id": 1, "id": 2}',
    b"\xff\xfe\x00",
    b"x" * 2_000_000,
    completion(says("y" * 900_000)),
    completion(says("I'm sorry, I can't do that.")),
    completion(says("")),
    completion(says("好的，我来帮您。")),
    completion(says('```json\n{"name": "submit_plan"')),
    completion(says('```json\n{"name": "rm -rf", "arguments": {}}\n```')),
    completion(calls("transfer_money", {"to": "me"})),
    completion(calls("x" * 10_000, {})),
    completion({"role": "assistant", "tool_calls": [calls("store_overview", {})["tool_calls"][0]] * 500}),
]


def check_ends_safely(outcome: Planned | Stopped, n_requests: int) -> None:
    assert isinstance(outcome, Planned | Stopped)
    if isinstance(outcome, Stopped):
        assert outcome.code != "planner_failed", outcome
    assert n_requests <= 6


@pytest.mark.parametrize("arguments", ARGUMENTS, ids=range(len(ARGUMENTS)))
def test_c1_broken_arguments_end_in_a_plan_or_a_safe_stop(arguments: str) -> None:
    with scripted_llm([calls("submit_plan", arguments)]) as script:
        outcome, _ = run_against(script, limits=Limits(max_calls=6))
    check_ends_safely(outcome, len(script.requests))


@pytest.mark.parametrize("answer", ANSWERS, ids=range(len(ANSWERS)))
def test_c1_broken_answers_end_in_a_safe_stop(answer: Reply) -> None:
    with scripted_llm([answer]) as script:
        outcome, _ = run_against(script, limits=Limits(max_calls=6))
    check_ends_safely(outcome, len(script.requests))
    assert isinstance(outcome, Stopped)


def test_c1_a_call_written_as_fenced_text_is_understood() -> None:
    text = '```json\n{"name": "submit_plan", "arguments": {"title": "Fenced", "note": "n"}}\n```'
    with scripted_llm([says(text)]) as script:
        outcome, _ = run_against(script)
    assert isinstance(outcome, Planned) and outcome.plan.title == "Fenced"


MUTANTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)
KEYS = st.sampled_from(["title", "drop", "add", "journeys", "offers", "buckets", "holdout_rate", "note", "x"])


@settings(max_examples=300)
@given(st.dictionaries(KEYS, MUTANTS, max_size=6))
def test_c1_any_object_is_refused_by_type_or_valid(given_arguments: dict[str, Any]) -> None:
    """The toolbox answers every argument object with figures or reasons, and never raises."""
    from agent.toolbox.draft_arguments import DraftArguments
    from agent.toolbox.tool import Tool

    tool = Tool("t", "d", DraftArguments, lambda _desk, arguments: {"title": arguments.title})
    answer = tool.call(None, given_arguments)  # type: ignore[arg-type]
    assert set(answer) in ({"title"}, {"refused"}, {"refused", "n_more"})


@settings(max_examples=300)
@given(st.text(max_size=200) | MUTANTS.map(lambda value: json.dumps(value)))
def test_c1_strict_reading_gives_an_object_or_a_reason(text: str) -> None:
    value = strict_object(text)
    assert isinstance(value, dict | BadJson)


def test_c1_the_guard_names_each_refusal() -> None:
    import httpx2

    noted: list[str] = []
    bodies = [b'{"a":1,"a":2}', b"x" * 500_000, b"[" * 1_000, b'{"a": ' + b"1" * 40 + b"}", b"1", b"", b"{"]
    for body in bodies:
        inner = httpx2.MockTransport(lambda _request, body=body: httpx2.Response(200, content=body))
        with httpx2.Client(transport=GuardTransport(inner, lambda bad: noted.append(bad.code), lambda: 9.0)) as client:
            answer = client.post("http://llm.invalid/v1/chat/completions", json={})
        assert answer.json()["choices"][0]["message"]["content"].startswith("[unreadable answer")
    assert noted == [
        "duplicate_key", "too_long", "too_deep", "number_too_large", "not_an_object", "empty", "not_json",
    ]  # fmt: skip
