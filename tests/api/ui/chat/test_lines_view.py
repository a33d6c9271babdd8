from datetime import UTC, datetime

from agent.chat.lines import ChatLine
from api.ui.chat.lines_view import render_history, render_line
from api.ui.shell.words import words
from api.verbs.chat import ListedChat
from memory.domain.outcome import Blocked


def test_a_tool_is_a_card_that_opens_to_what_was_asked_and_answered() -> None:
    line = ChatLine(kind="tool", text="size_segment", asked='{"days": 30}', answered='{"n_people": 12}')
    html = render_line(line, words("en"))
    assert html.startswith("<details")
    assert "<summary>Counted a segment</summary>" in html
    assert "&quot;days&quot;: 30" in html
    assert "&quot;n_people&quot;: 12" in html


def test_a_tool_that_refused_says_so_and_an_unknown_one_has_its_name() -> None:
    html = render_line(ChatLine(kind="tool", text="read_stars", is_refused=True), words("en"))
    assert "Looked at read stars · Refused" in html


def test_what_anybody_said_is_never_read_as_html() -> None:
    for kind in ("you", "assistant", "refused", "changes", "tool"):
        line = ChatLine(kind=kind, text="<b>x</b>", items=("<i>y</i>",), asked="<u>z</u>")
        html = render_line(line, words("zh"))
        assert "<b>" not in html
        assert "<i>" not in html
        assert "<u>" not in html


def test_earlier_chats_are_links_with_their_first_words_and_their_time_in_the_shops_zone() -> None:
    at = datetime(2026, 11, 27, 18, 5, tzinfo=UTC)
    one = ListedChat(chat_id="c1", title="Draft <the> plan", plan_id="", updated_at=at)
    html = render_history((one,), words("en"), "Europe/Berlin")
    assert '<a href="/ui/chat?chat=c1">Draft &lt;the&gt; plan</a>' in html
    assert "19:05 (Europe/Berlin)" in html
    assert "no earlier chat" in render_history((), words("en"), "Europe/Berlin")


def test_the_reasons_of_a_refusal_are_in_the_readers_language() -> None:
    reason = Blocked(
        rule="reach", code="too_many_people", message="Too many.", path="journeys", limit="10", actual="12"
    )
    line = ChatLine(kind="refused", text="", items=("reach: Too many.",), reasons=(reason,))
    assert "<li>reach: Too many.</li>" in render_line(line, words("en"))
    assert "<li>旅程：触达的人数过多（此处为 12，限值为 10）。</li>" in render_line(line, words("zh"))
