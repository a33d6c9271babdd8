"""What the page says of sends and of the record: rates and their end, states, unknown messages; foreign text stays."""

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from api.ui.runs.sends_view import (
    MAX_DETAIL,
    ORDER,
    render_autonomy,
    render_outbox,
    render_progress,
    render_record,
    render_unknown,
    render_verification,
)
from api.ui.shell.words import LANGUAGES, UiLanguage, words
from api.verbs.audit import Verification
from api.verbs.sends import ChannelProgress, OutboxCount, Progress, UnknownSend
from memory.domain.autonomy_report import AutonomyReport, SparedDecision
from memory.domain.message import SendState
from memory.store.audit import AuditEntry

AT, ZONE = datetime(2026, 11, 26, 9, tzinfo=UTC), "Europe/Berlin"


def a_progress(**changes: Any) -> Progress:
    mail = ChannelProgress(
        channel="email", n_due=1200, n_in_hand=3, n_later=0, n_sent=400, per_minute=40.0,
        done_at=AT + timedelta(minutes=30),
    )  # fmt: skip
    values = {"at": AT, "rate_minutes": 10, "is_stopped": False, "has_worker": True, "channels": (mail,)} | changes
    return Progress.model_validate(values)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_has_its_word_and_its_place(language: UiLanguage) -> None:
    say = words(language)
    assert set(ORDER) == set(get_args(SendState))
    assert all(say("runs", "states", state) and say("runs", "states_more", state) for state in ORDER)


def test_progress_has_a_rate_and_an_end_and_says_what_holds_it() -> None:
    html = render_progress(a_progress(), words("en"), ZONE)
    assert "1,200" in html and "40.0 a minute" in html and "10:30 (Europe/Berlin)" in html and "so-warn" not in html
    stopped = render_progress(a_progress(is_stopped=True, has_worker=False), words("en"), ZONE)
    assert words("en")("runs", "stopped_now") in stopped and "No worker" in stopped
    idle = a_progress().channels[0].model_copy(update={"per_minute": 0.0, "done_at": None})
    assert words("zh")("runs", "eta_none") in render_progress(a_progress(channels=(idle,)), words("zh"), ZONE)
    assert words("zh")("runs", "no_messages") in render_progress(a_progress(channels=()), words("zh"), ZONE)


def test_the_outbox_sums_by_state_and_names_reasons() -> None:
    counts = (
        OutboxCount(channel="email", state="sent", n_messages=1000),
        OutboxCount(channel="sms", state="sent", n_messages=500),
        OutboxCount(channel="email", state="suppressed", reason="frequency_<cap>", n_messages=7),
    )
    html = render_outbox(counts, words("en"))
    assert "1,500" in html and "frequency &lt;cap&gt;" in html and html.count("<dt>") == len(ORDER)


def test_an_unknown_message_says_when_it_was_tried_and_by_which_key_it_is_found() -> None:
    one = UnknownSend(
        send_key="k" * 40, channel="email", send_at=AT, tried_at=AT, plan_id="ab" * 32, step_id="<s>",
        message_kind="thank_you", sender="smtp", reason="lease_lapsed",
    )  # fmt: skip
    html = render_unknown(one, words("en"), ZONE)
    assert "E-mail: thank you" in html and "k" * 40 in html and "lease lapsed" in html and "&lt;s&gt;" in html
    assert "10:00 (Europe/Berlin)" in html and 'href="/ui/plans/abab' in html


def test_the_record_shows_who_did_what_and_cuts_long_details() -> None:
    entry = AuditEntry(
        seq=1234, actor="eve<b>", action="plan.draft", subject="plan:x", at=AT, detail={"note": "y" * 900},
        previous_hash="", entry_hash="h",
    )  # fmt: skip
    html = render_record([entry], words("en"), ZONE)
    assert "1,234" in html and "eve&lt;b&gt;" in html and "…" in html and "y" * (MAX_DETAIL + 1) not in html
    assert words("zh")("runs", "no_entries") in render_record([], words("zh"), ZONE)


def test_a_check_says_that_it_holds_or_where_it_is_broken() -> None:
    assert "1,500" in render_verification(Verification(holds=True, n_entries=1500), words("en"))
    broken = render_verification(Verification(holds=False, n_entries=0, broken_at=7, why="<cut>"), words("en"))
    assert "entry 7" in broken and "&lt;cut&gt;" in broken and "so-wrong" in broken


def test_autonomy_says_which_share_it_decided_and_in_whose_name() -> None:
    spared = SparedDecision(run_id="r", plan_id="cd" * 32, grant_id="g", granted_by="ari", level=3, at=AT)
    found = AutonomyReport(
        n_by_agent=1, n_by_people=3, n_waiting=0, agent_rate=0.25, n_messages_by_agent=1200, n_messages_by_people=0,
        spared=(spared,),
    )  # fmt: skip
    html = render_autonomy(found, words("en"), ZONE)
    assert "25%" in html and "1,200 messages" in html and "ari" in html
