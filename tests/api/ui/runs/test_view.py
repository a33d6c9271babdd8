"""What the page of runs says: each reason has words and each stop a remedy, in both languages; foreign text is text."""

from datetime import UTC, datetime
from html import escape
from typing import get_args

import pytest

from agent.llm.limits import LimitCode
from agent.runs.steps import GATES
from api.ui.runs.view import SECTIONS, Teller
from api.ui.shell.stop_bar import say_stops
from api.ui.shell.words import LANGUAGES, UiLanguage, words
from api.verbs.control import Stops
from api.verbs.overview import Overview, RunNow
from memory.domain.autonomy import AutonomyAction, AutonomyLevel
from memory.domain.circuit import CircuitState
from memory.domain.release import Release
from memory.domain.run import Every, Run, RunKind, RunStatus
from memory.domain.switch import EVERYWHERE, KillSwitch

AT = datetime(2026, 11, 26, 9, tzinfo=UTC)
ZONE = "Europe/Berlin"


def an_overview(*runs: Run) -> Overview:
    told = tuple(RunNow(run=run, waits_until=None, next_at=None) for run in runs)
    return Overview(
        now=AT, has_worker=True, open_runs=(), stopped_runs=told, finished_runs=(), schedules=(), approvals=(),
        amendments=(), channels=(), releases=(), grants=(), alerts=(),
    )  # fmt: skip


def a_run(**changes: object) -> Run:
    values = {"id": "r1", "shop_id": "nord", "kind": "plan", "schedule_id": "", "slot": "x", "slot_at": AT,
              "status": "stopped", "started_at": AT, "ended_at": AT} | changes  # fmt: skip
    return Run.model_validate(values)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_way_to_stop_has_its_words_and_its_remedy(language: UiLanguage) -> None:
    say = words(language)
    reasons = {*GATES.values(), *get_args(LimitCode), "no_llm", "refused", "by_hand", "llm_unavailable", "llm_refused"}
    other = say("runs", "remedies", "other")
    for reason in reasons:
        (card,) = Teller(an_overview(a_run(reason=reason)), say, ZONE).cards("stopped")
        assert escape(say("runs", "reasons", reason)) in card.html, reason
        assert other not in card.html, reason
    (card,) = Teller(an_overview(a_run(reason="PlanAltered", message="The plan <b>x</b>")), say, ZONE).cards("stopped")
    assert other in card.html
    assert "&lt;b&gt;x&lt;/b&gt;" in card.html


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_has_its_word(language: UiLanguage) -> None:
    say = words(language)
    for place, values in (
        ("kinds", get_args(RunKind)), ("statuses", get_args(RunStatus)), ("every", get_args(Every)),
        ("circuits", get_args(CircuitState)), ("actions", get_args(AutonomyAction)), ("sections", SECTIONS),
        ("nothing", SECTIONS), ("levels", [str(level) for level in get_args(AutonomyLevel)]),
        ("release_states", get_args(Release.model_fields["status"].annotation)),
    ):  # fmt: skip
        assert all(say("runs", place, value) for value in values), place
    assert len(say.some("runs", "weekdays")) == 7


def test_the_switch_says_since_when_by_whom_why_and_who_lets_it_go_on() -> None:
    shop = KillSwitch(scope="nord", is_stopped=True, set_by="mia", set_at=AT, reason="drill")
    everywhere = shop.model_copy(update={"scope": EVERYWHERE, "set_by": "ada", "reason": ""})
    on = Stops(by=(), may_stop=True, may_stop_everywhere=False, may_go_on=False)
    assert say_stops(on, words("en"), ZONE) == "Sending is on."
    stopped = Stops(by=(everywhere, shop), may_stop=True, may_stop_everywhere=False, may_go_on=False)
    assert say_stops(stopped, words("en"), ZONE) == (
        "Sending is stopped in every shop since 2026-11-26 10:00 by ada. Why: no reason given "
        "Sending is stopped in this shop since 2026-11-26 10:00 by mia. Why: drill An admin lets it go on."
    )
    mine = Stops(by=(shop,), may_stop=True, may_stop_everywhere=False, may_go_on=True)
    assert say_stops(mine, words("zh"), ZONE) == "本店铺自2026-11-26 10:00起由mia停止发送。 原因：drill"
