from datetime import UTC, datetime
from typing import get_args

import pytest

from agent.consents.proof import ChannelProof, Standing, Statement
from agent.reports.timeline import Timeline, TimelineEntry
from api.ui.people.person_view import METHODS, ORDER_STATES, STATES, consent_table, decisions_table, timeline_list
from api.ui.shell.words import UiLanguage, words
from memory.domain.consent import ConsentMethod
from memory.domain.facts import EVENT_KINDS
from memory.domain.message import SendState
from memory.domain.money import Money

AT = datetime(2026, 6, 30, 12, tzinfo=UTC)


def _timeline(*entries: TimelineEntry, n: int = 0) -> Timeline:
    said = Statement(
        channel="email", purpose="marketing", status="granted", at=AT, method="checkout", source="<b>import</b>"
    )
    proof = ChannelProof(channel="email", standing="granted", rests_on=said, is_double=False, suppressed="complaint")
    counts = {"order": n or len(entries), "message": 0, "event": 0, "consent": 0}
    return Timeline(person_id="p1", entries=entries, n_by_kind=counts, channels=(proof,))


ORDER = TimelineEntry(
    at=AT, kind="order", what="#1<script>", channel="web", detail=("paid", ""),
    sum=Money(amount_minor=1_999, currency="EUR"),
)  # fmt: skip


def test_an_order_stands_with_number_place_money_and_state_and_is_never_markup() -> None:
    html = timeline_list(_timeline(ORDER, n=300), "", "/ui/people/p1", words("en"), "Europe/Berlin")
    assert "<script>" not in html and "#1&lt;script&gt;" in html
    assert "web · €19.99 · paid" in html and "Jun 30, 2026, 14:00 (Europe/Berlin)" in html
    assert "The newest 1 of 300." in html


def test_a_kind_without_entries_says_so() -> None:
    html = timeline_list(_timeline(ORDER), "consent", "/ui/people/p1", words("en"), "Europe/Berlin")
    assert "Nothing of this kind is known" in html
    assert "No decisions" in decisions_table((), "/ui/people/p1", "", words("en"), "Europe/Berlin")


def test_consent_names_source_time_and_why_an_address_is_shut() -> None:
    html = consent_table(_timeline(), words("en"), "Europe/Berlin")
    assert "&lt;b&gt;import&lt;/b&gt;" in html and "during an order" in html and "complained" in html


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_code_has_its_word(language: UiLanguage) -> None:
    say = words(language)
    assert frozenset(get_args(SendState)) == STATES
    assert frozenset(get_args(ConsentMethod)) == METHODS
    assert all(say("people_page", "states", one) for one in STATES)
    assert all(say("people_page", "methods", one) for one in METHODS)
    assert all(say("people_page", "orders", one) for one in ORDER_STATES)
    assert all(say("people_page", "events", one) for one in EVENT_KINDS)
    assert all(say("people_page", "standing", one) for one in get_args(Standing))
