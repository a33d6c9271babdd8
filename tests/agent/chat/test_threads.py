"""A thread can be opened again, stopped, and begun with a file; all of it replays."""

import pytest

from agent.chat.chat import lines_of
from agent.chat.events import PlanDrafted, Said, ToolUsed
from agent.replay.run import replay
from api.verbs.plans import read_brief
from memory.domain.clock import ManualClock
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.agent.llm.runs import endpoint
from tests.agent.llm.scripted import calls, scripted_llm

from .chats import ANNA, Talk, talk

pytestmark = pytest.mark.slow
DRAFT = calls("submit_plan", {"title": "By the model", "drop": {"vip": ["cross_sell"]}, "note": "n"})
LOOK = calls("list_segments", {})


def _lines(store: Store, chat: Talk) -> list[tuple[str, str]]:
    with store.read() as uow:
        return [(line.kind, line.text) for line in lines_of(uow.chats.get(chat.chat_id))]


def test_a_thread_keeps_what_it_showed_and_goes_on_from_there(
    store: Store, lake: Lake, clock: ManualClock, key: bytes
) -> None:
    with talk(store, lake, clock, key) as chat:
        chat.say("Please draft the plan")
        chat.say("no SMS in Germany")
        chat.say("undo")
        shown = _lines(store, chat)
        with store.read() as uow:
            assert [one.id for one in uow.chats.of("nord", ANNA.id)] == [chat.chat_id]
            assert uow.chats.of("nord", "bob") == ()
    assert [text for kind, text in shown if kind == "you"] == ["Please draft the plan", "no SMS in Germany", "undo"]
    assert [kind for kind, _ in shown].count("changes") == 2


def test_tools_are_heard_at_once_and_are_told_with_what_they_were_asked(
    store: Store, lake: Lake, clock: ManualClock, key: bytes
) -> None:
    heard: list[ToolUsed] = []
    with scripted_llm([LOOK, DRAFT]) as script, talk(store, lake, clock, key, endpoint(script.base_url)) as chat:
        events = list(chat.chat.turn(chat.chat_id, ANNA, "draft", tool_heard=heard.append))
        shown = _lines(store, chat)
    assert [one.tool for one in heard][-2:] == ["list_segments", "submit_plan"]
    assert heard[-1].arguments["title"] == "By the model"
    assert heard[-1].result
    assert not [event for event in events if isinstance(event, ToolUsed)]
    assert [text for kind, text in shown if kind == "tool"] == [one.tool for one in heard]


def test_whoever_asked_can_stop_it_and_nothing_changes_and_the_stop_replays(
    store: Store, lake: Lake, clock: ManualClock, key: bytes
) -> None:
    heard: list[ToolUsed] = []
    with scripted_llm([LOOK, DRAFT]) as script, talk(store, lake, clock, key, endpoint(script.base_url)) as chat:

        def is_stopped() -> bool:
            return any(one.tool == "list_segments" for one in heard)

        events = list(chat.chat.turn(chat.chat_id, ANNA, "draft", is_stopped=is_stopped, tool_heard=heard.append))
        n_asked = len(script.requests)
        chat.say("what can you do")
        session_id = chat.session_id
    assert n_asked == 1
    assert any("Stopped." in event.text for event in events if isinstance(event, Said))
    assert not [event for event in events if isinstance(event, PlanDrafted)]
    with store.read() as uow:
        stored = uow.sessions.get(session_id)
    report = replay(stored, key)
    assert report.drift == ()
    assert report.is_same


def test_a_brief_that_comes_along_replaces_the_wishes_and_replays(
    store: Store, lake: Lake, clock: ManualClock, key: bytes
) -> None:
    brief = read_brief("excluded_channels: [sms]\nholdout_rate: 0.2")
    with talk(store, lake, clock, key) as chat:
        chat.say("draft, spend at most 900 EUR")
        chat.last = list(chat.chat.turn(chat.chat_id, ANNA, "[wishes.yaml]", brief=brief))
        plan, session_id = chat.plan.plan, chat.session_id
    assert plan.brief == brief
    assert plan.holdout.rate == 0.2
    assert not [step for step in plan.steps() if "sms" in step.channels]
    with store.read() as uow:
        stored = uow.sessions.get(session_id)
    assert replay(stored, key).is_same
