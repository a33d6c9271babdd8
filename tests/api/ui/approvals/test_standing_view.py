from datetime import timedelta

import pytest

from agent.approval.reading import MarketReading
from api.ui.approvals.standing_view import (
    head,
    key_figures,
    outcome,
    passing,
    queue,
    read_state,
    summary_figures,
    told,
    what,
    who,
)
from api.ui.shell.words import LANGUAGES, UiLanguage, words
from api.verbs.approvals import ComingPass, QueueEntry
from api.verbs.exhibits import Digest
from memory.domain.approval_notice import ApprovalNotice, PassedOn, TextsRead
from tests.api.ui.approvals.test_view import exhibit
from tests.api.ui.approvals.whole import AT, a_standing, decided
from tests.factories.plans import good_plan

FOUND = exhibit()
READING = MarketReading(
    market="JP", language="ja", readers=("yui", "ren"), languages=("ja",), n_texts=12, texts_hash="f" * 64
)


def a_digest() -> Digest:
    plan = good_plan()
    return Digest(
        standing=a_standing(FOUND), anchor_on=plan.anchor_on, ends_on=plan.ends_on, markets=plan.markets,
        languages=plan.languages, n_steps=20, n_offers=3, price=FOUND.price, shown_hash=FOUND.shown_hash, readings=(),
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_d1_the_expiry_is_said_by_the_reader_s_clock(language: UiLanguage) -> None:
    html = head(a_standing(FOUND, "<b>Winter</b>"), words(language), "Asia/Shanghai")
    assert "17:00 (Asia/Shanghai)" in html, "09:00 UTC"
    assert "&lt;b&gt;Winter" in html
    assert "18:00 (Asia/Tokyo)" in head(a_standing(FOUND), words(language), "Asia/Tokyo")


@pytest.mark.parametrize("language", LANGUAGES)
def test_d1_reach_cost_and_worst_loss_have_their_units(language: UiLanguage) -> None:
    for html in (key_figures(a_digest(), words(language)), summary_figures(a_digest(), words(language))):
        assert html.count("€") == 2
        assert "%" in html
    assert "20" in what(a_digest(), words(language))


def test_d1_an_approver_reads_that_the_forecast_is_an_assumption() -> None:
    english, chinese = (key_figures(a_digest(), words(language)) for language in LANGUAGES)
    assert "(assumption)" in english
    assert "Assumption, not measured" in english
    assert "（假设）" in chinese or "(假设)" in chinese
    assert "这是假设，未经测量" in chinese


@pytest.mark.parametrize(
    ("why_not", "said"), [("touched", "You touched this plan"), ("no_right", "You may look"), ("", "mia, tom")]
)
def test_d1_who_may_not_decide_reads_why(why_not: str, said: str) -> None:
    assert said in who(a_standing(FOUND, why_not=why_not), words("en"))


def test_a_deputy_reads_in_whose_place_they_decide() -> None:
    assert "in place of ava" in who(a_standing(FOUND, in_place_of="ava"), words("en"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", ["approved", "sent_back", "rejected", "expired", "void"])
def test_what_became_of_it_is_said_with_the_note_as_text(language: UiLanguage, status: str) -> None:
    approval = decided(FOUND.approval, status, "less <script> \u202epush")
    html = outcome(a_standing(FOUND, approval=approval), words(language), "UTC")
    assert "ava" in html
    assert "&lt;script&gt;" in html
    assert "U+202E" in html


def test_an_approval_for_stages_only_says_so() -> None:
    approval = decided(FOUND.approval, "approved").model_copy(update={"is_staged": True})
    assert "stages only" in outcome(a_standing(FOUND, approval=approval), words("en"), "UTC")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_approver_sees_who_read_a_market_s_texts_and_when(language: UiLanguage) -> None:
    unread = read_state(READING, words(language), "UTC")
    assert "yui, ren" in unread
    read = TextsRead(shop_id="nord", market="JP", texts_hash="f" * 64, language="ja", reader="yui",
                     read_at=AT, approval_id="a1")  # fmt: skip
    html = read_state(READING.model_copy(update={"read": read}), words(language), "Europe/Berlin")
    assert "yui" in html
    assert "10:00 (Europe/Berlin)" in html
    assert "ren" not in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_deputies_and_who_was_told_are_named(language: UiLanguage) -> None:
    passed = PassedOn(approval_id="a1", deputy="dan", approver="ava", passed_at=AT)
    coming = ComingPass(deputy="eve", approver="ben", at=AT + timedelta(hours=8))
    notices = tuple(
        ApprovalNotice(id=f"n{n}", approval_id="a1", shop_id="nord", kind="waiting", way=way, status=state,
                       next_at=AT, told_at=AT if state == "told" else None, reason="<x>" if state == "failed" else "")
        for n, (way, state) in enumerate((("mail:ava", "told"), ("bot:team", "failed"), ("bot:ops", "unknown")))
    )  # fmt: skip
    standing = a_standing(FOUND, passed=(passed,), coming=(coming,), notices=notices)
    html = passing(standing, words(language), "UTC") + told(standing, words(language), "UTC")
    assert all(name in html for name in ("dan", "eve", "team", "ops", "09:00 (UTC)", "&lt;x&gt;"))
    assert told(a_standing(FOUND), words(language), "UTC") == ""


def test_the_queue_leads_to_each_request_and_escapes_its_title() -> None:
    entries = [QueueEntry(approval=FOUND.approval, title="<i>Winter</i>")]
    html = queue("Requests: 1", entries, words("en"), "Asia/Tokyo", is_open=True)
    assert 'href="/ui/approvals/a1"' in html
    assert "&lt;i&gt;" in html
    assert "(Asia/Tokyo)" in html
    assert "Approved" in queue(
        "1", [QueueEntry(approval=decided(FOUND.approval, "approved"), title="x")], words("en"), "UTC", is_open=False
    )
