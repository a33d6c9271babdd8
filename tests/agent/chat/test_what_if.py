"""Questions about other limits in a chat: an answer with prices, and a plan that stays as it is."""

import pytest

from agent.chat.events import Done
from agent.chat.intent import intent_of
from agent.replay.run import replay
from memory.domain.clock import ManualClock
from memory.lake.lake import Lake
from memory.store.engine import Store

from .chats import talk

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("draft", "question", "answered"),
    [
        ("draft", "What if the budget were 300 EUR?", "Nothing is changed"),
        ("draft", "What if no SMS in Germany?", "Nothing is changed"),
        ("起草计划", "如果每周最多一条促销，会怎样？", "什么都没有改变"),
    ],
)
def test_a_question_is_answered_and_the_plan_stays(
    store: Store, lake: Lake, clock: ManualClock, key: bytes, draft: str, question: str, answered: str
) -> None:
    with talk(store, lake, clock, key) as chat:
        chat.say(draft)
        before = chat.plan.plan_id
        chat.say(question)
        assert answered in chat.words
        done = next(event for event in chat.last if isinstance(event, Done))
        assert done.plan_id == before
        with store.read() as uow:
            session = uow.sessions.get(chat.session_id)
    report = replay(session, key)
    assert report.is_same and report.drift == ()


def test_a_question_nobody_understands_says_what_can_be_asked(
    store: Store, lake: Lake, clock: ManualClock, key: bytes
) -> None:
    with talk(store, lake, clock, key) as chat:
        chat.say("What if we had a budget of 2,000 EUR?")
        assert "There is no plan yet" in chat.words
        chat.say("draft")
        chat.say("What if the moon were made of cheese?")
        assert "made of cheese" in chat.words
        assert "margin floor" in chat.words


@pytest.mark.parametrize(
    "text", ["如果可以的话，德国别发短信", "要是方便，德国别发短信", "No SMS in Germany, if possible"]
)
def test_a_polite_wish_is_no_question(text: str) -> None:
    assert intent_of(text) == "wish"
