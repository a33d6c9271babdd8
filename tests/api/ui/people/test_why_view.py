from datetime import UTC, datetime
from typing import Any

import pytest

from agent.replay.why_record import Change, Contender, Term, Why
from agent.reports.decision_record import ChannelOption, DecisionRecord, SubjectOption, TimeOption
from api.ui.people.why_view import record_view, why_view
from api.ui.shell.words import UiLanguage, words

AT = datetime(2026, 6, 30, 12, tzinfo=UTC)


def _option(channel: str, *reasons: str, **changes: Any) -> ChannelOption:
    given: dict[str, Any] = {
        "channel": channel, "offer_id": "", "is_chosen": False, "reasons": reasons, "propensity": 0.5,
        "effect_mean": 0.01, "effect_sd": 0.01, "effect_source": "assumption", "value_millis": 150_000,
        "cost_millis": 40,
    }  # fmt: skip
    return ChannelOption(**(given | changes))


def _record(**changes: Any) -> DecisionRecord:
    given: dict[str, Any] = {
        "decision_id": "p/vip.care/q1", "batch_id": "b", "plan_id": "p", "slot_at": AT, "person_id": "q1",
        "cohort": "vip", "arm": "treated", "step_id": "vip.care", "is_fallback": False, "chosen": "vip.care:email",
        "chosen_reason": "best_value", "is_explored": False, "propensity": 0.9, "guardrail_version": "g" * 64,
        "currency": "EUR", "market": "DE", "zone": "Europe/Berlin",
        "channels": (
            _option("sms", "frequency_cap", "consent", offer_id="gift"),
            _option("email", "best_value", is_chosen=True),
        ),
        "times": (
            TimeOption(channel="email", at=AT, local="Tue 14:00", is_chosen=True, reasons=()),
            TimeOption(channel="email", at=AT, local="Tue 07:00", is_chosen=False, reasons=("quiet_hours",)),
        ),
        "subjects": (
            SubjectOption(number=0, words="<b>Care", is_chosen=True, reasons=(), propensity=0.5),
            SubjectOption(number=1, words="Hello", is_chosen=False, reasons=("not_drawn",), propensity=0.5),
        ),
        "copies": (), "state": "sent", "state_reason": "",
    }  # fmt: skip
    return DecisionRecord(**(given | changes))


def test_s2_23_the_page_shows_what_was_chosen_and_why_all_else_was_rejected() -> None:
    html = record_view(_record(), words("en"), "Europe/Berlin")
    assert html.index("worth most after its cost") < html.index("the frequency cap is full, no consent on this channel")
    assert "SMS with offer gift" in html and "€1.50" in html
    assert "quiet hours" in html and "another line was drawn" in html
    assert "<b>Care" not in html and "&lt;b&gt;Care" in html


def test_s2_23_a_person_of_the_control_group_is_told_to_be_withheld_at_random() -> None:
    html = record_view(_record(arm="control", channels=(), times=()), words("en"), "Europe/Berlin")
    assert "Withheld at random" in html and "Channels" not in html


@pytest.mark.parametrize("language", ["en", "zh"])
def test_s2_23_the_smallest_change_that_flips_it_is_said(language: UiLanguage) -> None:
    nothing = Contender(channel="none", offer_id="", terms=(), worth_millis=0, reasons=())
    mail = Contender(
        channel="email", offer_id="", terms=(Term(name="added_margin", millis=5_000),), worth_millis=5_000, reasons=()
    )
    change = Change(
        channel="email", value_millis=-5_001, effect_from=0.01, effect_to=None, lifted=(), less_cost_millis=0,
        more_grants=0, more_slots=0,
    )  # fmt: skip
    found = Why(
        decision_id="p/vip.care/q1", currency="EUR", chosen=mail, runner_up=nothing, decisive="added_margin",
        lead_millis=5_000, rival="", chance="", is_near_tie=False, facts={"market": "DE"}, change=change, then="none",
        n_decisions=7,
    )  # fmt: skip
    html = why_view(found, words(language))
    assert ("It flips to send nothing" if language == "en" else "则改为 不发送") in html
    assert "p/vip.care/q1" not in html
