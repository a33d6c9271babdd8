import re
from html.parser import HTMLParser

import pytest

from agent.planning.compose import compose
from agent.planning.explaining import explain
from agent.planning.playbook import PlaybookPlanner
from api.ui.plan.view import Shown, marks_between, render_plan, timeline
from api.ui.shell.words import LANGUAGES, UiLanguage, words
from memory.domain.brief import Brief
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan
from tests.factories.planning import context

VOID = {"path", "br"}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return _made(Brief())


def _made(brief: Brief) -> Plan:
    made = compose(PlaybookPlanner().draft(brief, context()), brief, context(), PlaybookPlanner.ref)
    assert isinstance(made, Plan)
    return made


class Balanced(HTMLParser):
    """Fails on a tag that is closed out of order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in VOID

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def _read(html: str) -> str:
    parser = Balanced()
    parser.feed(html)
    assert parser.open == []
    return parser.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_dc_07_the_view_shows_every_step_once_with_its_day_and_offer(plan: Plan, language: UiLanguage) -> None:
    html = render_plan(Shown(plan), words(language))
    text = _read(html)
    assert len(re.findall(r'<li class="so-step', html)) == len(plan.steps())
    assert html.count('class="so-chip"') == sum(step.offer_id is not None for step in plan.steps())
    for cohort in plan.cohorts:
        assert words(language)("cohorts", cohort.id) in text
    assert str(plan.budget.worst_case_cost).replace(".00 ", " ") in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pane_beside_the_chat_explains_every_element_folded_and_by_name(plan: Plan, language: UiLanguage) -> None:
    html, say = render_plan(Shown(plan), words(language)), words(language)
    opened = re.findall(r'<details class="so-more so-why"><summary aria-label="([^"]+)">([^<]+)</summary>', html)
    paths = [
        *(one.id for one in plan.cohorts),
        *(one.id for one in plan.steps()),
        *(one.id for one in plan.offers),
        *("budget", "forecast", "holdout"),
    ]
    assert len(opened) == len(paths) == html.count("so-why")
    assert all(name.startswith(shown) and len(name) > len(shown) for name, shown in opened)
    text = _read(html)
    for path in paths:
        assert explain(plan, path, language) in text
    assert "so-why" not in timeline(Shown(plan), say)  # the plan's own page says it on each part's page


def test_dc_07_steps_that_changed_are_marked_after_a_turn(plan: Plan) -> None:
    changed = _made(Brief(moved_steps={"first_time.review_invitation": 12}))
    marks = marks_between(plan, changed)
    assert marks == {"first_time.review_invitation": "changed"}
    html = render_plan(Shown(changed, marks=marks, changes=("moved",), side_changes=("a", "b")), words("en"))
    assert html.count('<em class="so-mark">changed</em>') == 1
    assert "What changed" in html
    assert "(2)" in html
    smaller = changed.model_copy(update={"journeys": changed.journeys[:3]})
    assert "new" in set(marks_between(smaller, changed).values())
    assert marks_between(None, plan) == {}


def test_guardrails_that_block_are_shown_with_limit_and_value(plan: Plan) -> None:
    blocked = Blocked(rule="plan_budget", code="over", message="Too much.", limit="10 EUR", actual="12 EUR")
    text = _read(render_plan(Shown(plan, blocked=(blocked,)), words("en")))
    assert "Too much. (here 12 EUR, limit 10 EUR)" in text
    assert "Every guardrail holds." not in text
    zh = _read(render_plan(Shown(plan, blocked=(blocked.model_copy(update={"code": "above_budget"}),)), words("zh")))
    assert "预算 超出了预算上限（此处为 12 EUR，限值为 10 EUR）。" in zh
    assert "Too much." not in zh
    assert "Every guardrail holds." in _read(render_plan(Shown(plan), words("en")))


def test_c8_foreign_text_is_shown_as_text(plan: Plan) -> None:
    hostile = plan.model_copy(
        update={"title": "<script>alert(1)</script>", "assumptions": ('"><img src=x onerror=alert(1)>',)}
    )
    html = render_plan(Shown(hostile, changes=("<b>x</b>",)), words("en"))
    assert "<script>" not in html
    assert "<img" not in html
    assert "<b>x</b>" not in html
    assert "<script>alert(1)</script>" in _read(html)


@pytest.mark.parametrize(("language", "label"), [("en", "Assumption, not measured"), ("zh", "这是假设，未经测量")])
def test_the_plan_shows_its_forecast_as_the_assumption_it_is(plan: Plan, language: UiLanguage, label: str) -> None:
    text = _read(render_plan(Shown(plan), words(language)))
    assert label in text
    assert f"{words(language)('basis', 'assumed')} · {words(language)('forecast_range')}" in text
