from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from agent.alerts.request_words import LINES, TITLES, Told, trial_words, until, words_of
from memory.domain.approval import Approval
from memory.domain.approval_notice import NoticeKind
from memory.domain.approval_rules import SpokenTo

AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
REQUEST = Approval(
    id="a1", shop_id="nord", plan_id="p", guardrail_version="g", requested_by="mia", requested_at=AT,
    expires_at=AT + timedelta(days=14), touched_by=("mia",), status="waiting",
)  # fmt: skip


@pytest.mark.parametrize("language", get_args(SpokenTo))
@pytest.mark.parametrize("kind", get_args(NoticeKind))
def test_every_notice_has_its_words_and_the_expiry_by_the_reader_s_clock(language: SpokenTo, kind: NoticeKind) -> None:
    told = Told(REQUEST, kind, "{until} Winter", "Nord", "https://so.invalid/ui", "ava", "dan")
    said = words_of(told, language, "Asia/Shanghai")
    text = " ".join((said.title, *said.lines))
    assert "{until} Winter" in said.lines[0], "a title is no template"
    assert "2026-12-15 17:00 (Asia/Shanghai)" in text
    assert TITLES[language].keys() == LINES[language].keys()


def test_an_instant_is_said_by_the_zone_s_clock_in_summer_and_winter() -> None:
    assert until(datetime(2026, 7, 1, 9, tzinfo=UTC), "Europe/Berlin") == "2026-07-01 11:00 (Europe/Berlin)"
    assert until(AT, "Europe/Berlin") == "2026-12-01 10:00 (Europe/Berlin)"


def test_a_trial_names_the_shop() -> None:
    assert "Nord" in trial_words("Nord", "en", "https://so.invalid/ui/approvals").title
