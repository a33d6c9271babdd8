"""Every sentence that is suggested is one that the rules understand."""

import pytest

from agent.chat.intent import beside_drafting, intent_of
from agent.chat.state import ChatLanguage, ChatState, Snapshot
from agent.chat.suggest import suggestions
from agent.planning.changes import parse
from agent.planning.commands.hypothetical import read_hypothetical
from agent.planning.playbook import PlaybookPlanner
from agent.toolbox.desk import Desk
from memory.domain.brief import Brief
from memory.domain.plan import Plan
from tests.factories.planning import context


def _plan() -> Plan:
    planner, facts = PlaybookPlanner(), context()
    made = Desk(brief=Brief(), context=facts, planner=planner.ref).compose(planner.draft(Brief(), facts))
    assert isinstance(made, Plan)
    return made


def _is_understood(text: str) -> bool:
    facts, intent = context(), intent_of(text)
    if intent in ("undo", "why"):
        return True
    if intent == "what_if":
        return not read_hypothetical(text, facts).unknown
    wish = beside_drafting(text) if intent == "draft" else text
    return not wish or (bool(parse(wish, facts).changes) and not parse(wish, facts).unknown)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_suggestion_is_understood(language: ChatLanguage) -> None:
    plan = _plan()
    before = Snapshot(brief=Brief(), plan=plan)
    states = (ChatState(), ChatState(plan=plan), ChatState(plan=plan, history=(before,)))
    said = [text for state in states for text in suggestions(state, language, "DE")]
    assert len(set(said)) > 5
    assert [text for text in said if not _is_understood(text)] == []


def test_the_first_suggestion_drafts_and_later_ones_offer_the_way_back() -> None:
    plan = _plan()
    assert intent_of(suggestions(ChatState(), "en")[0]) == "draft"
    state = ChatState(plan=plan, history=(Snapshot(brief=Brief(), plan=plan),))
    assert suggestions(state, "zh")[0] == "撤销"


def test_a_channel_that_is_left_out_in_a_market_is_not_suggested_again() -> None:
    state = ChatState(plan=_plan(), brief=Brief(excluded=(("DE", "sms"), ("DE", "push"))))
    assert not [text for text in suggestions(state, "en", "DE") if text.endswith("in Germany")]
