"""The answer leads: treated less control, with its interval, in words that promise nothing; foreign text is text."""

from datetime import date

import pytest

from agent.reports.lift_model import DayPoint, GoalProgress, Leaks, PlanLift
from api.ui.results.lift_view import render_goals, render_lift, render_repeat
from api.ui.shell.words import LANGUAGES, UiLanguage, words
from memory.domain.experiment import Interval
from memory.domain.outcome import NotEstimable
from tests.agent.reports.test_lift_words import full, report, sums

LATER = NotEstimable(code="window_open", message="Not yet.", readable_on=date(2026, 3, 2))


def with_days(found: PlanLift) -> PlanLift:
    days = tuple(
        DayPoint(
            day=day, treated_rate=0.05 * day, treated_low=0.04 * day, treated_high=0.06 * day,
            control_rate=0.03 * day, control_low=0.02 * day, control_high=0.04 * day,
            lift_low_pp=0.5 if day > 1 else None, lift_high_pp=4.5 if day > 1 else None,
        )
        for day in (1, 2, 3)
    )  # fmt: skip
    return found.model_copy(update={"days": days})


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lift_leads_with_treated_less_control_and_its_interval(language: UiLanguage) -> None:
    say = words(language)
    html = render_lift(with_days(full()), say)
    assert html.index("22.0%") < html.index("<i>−</i>") < html.index("16.0%") < html.index("+6.0")
    assert html.index("+6.0") < html.index(say("results", "aov_difference")) < html.index("<svg")
    assert say("results", "verdict", "above") in html and say("results", "interval") in html
    assert html.count("<details>") == html.count("<figure") == 2  # each picture has its table behind it


def test_each_verdict_is_said_and_an_interval_around_nothing_claims_nothing() -> None:
    say = words("en")
    for low, high, verdict in ((1.0, 3.0, "above"), (-3.0, -1.0, "below"), (-1.0, 3.0, "around")):
        made = Interval(estimate=(low + high) / 2, low=low, high=high, method="made")
        html = render_lift(full().model_copy(update={"rpr_difference_pp": made}), say)
        others = {"above", "below", "around"} - {verdict}
        assert say("results", "verdict_more", verdict) in html
        assert not [other for other in others if say("results", "verdict_more", other) in html]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_read_says_why(language: UiLanguage) -> None:
    few = report(sums("treated", 100, 3), sums("control", 100, 2), seen=10)
    html = render_lift(few.model_copy(update={"rpr_difference_pp": LATER}), words(language))
    assert ("Not yet." in html) == (language == "en")
    assert "so-result" not in html and words(language)("results", "no_curve_yet") in html


def test_an_alarm_stands_above_the_figures() -> None:
    html = render_lift(full().model_copy(update={"leaks": Leaks(n_messaged=3)}), words("en"))
    assert html.index("so-warn") < html.index("so-equation")


def test_a_goal_has_a_gauge_where_it_stands_and_says_that_it_is_no_cause() -> None:
    say = words("en")
    goal = GoalProgress(
        metric="rpr", baseline=0.1, target=0.2, window_days=90, now=0.15, progress_rate=0.5, chance=0.25
    )
    html = render_goals(full().model_copy(update={"goal": goal}), say)
    assert 'style="width:50.0%"' in html and "25%" in html and "15.0%" in html
    assert say("results", "goal_no_cause") in html
    money = goal.model_copy(update={"metric": "clv", "target": 50.0, "now": 12.5, "chance": LATER})
    html = render_goals(full().model_copy(update={"goal": money}), say)
    assert "€12.50" in html and "Not yet." in html
    assert say("results", "no_goal") in render_goals(full(), say)


def test_the_curve_has_a_row_per_day_and_both_arms() -> None:
    html = render_repeat(with_days(full()), words("en"))
    assert html.count('<th scope="row">') == 3 and "[8.0%, 12.0%]" in html and "+4.0 pp" in html
    assert words("en")("results", "no_days") in render_repeat(full(), words("en"))
