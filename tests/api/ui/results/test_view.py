"""What the page of results says: figures with their intervals or a reason, in both languages; foreign text is text."""

from datetime import UTC, datetime
from typing import get_args

import pytest

from agent.reports.brief import BriefLine, PlanBrief
from api.ui.results.view import render_brief_panel, render_hindsight_panel, render_review_panel
from api.ui.shell.words import LANGUAGES, UiLanguage, words
from eval.hindsight import HindsightReport
from eval.hindsight.answers import PolicyAnswer
from eval.hindsight.policies import POLICIES
from memory.domain.experiment import Interval
from memory.domain.outcome import NotEstimable
from memory.domain.review import CohortHealth, PlanReview

AT = datetime(2025, 12, 16, tzinfo=UTC)
NO = NotEstimable(code="low_ess", message="Too few.")


def of(estimate: float, low: float, high: float) -> Interval:
    return Interval(estimate=estimate, low=low, high=high, method="made")


def an_answer(policy: str, **figures: Interval) -> PolicyAnswer:
    names = ("repeat_rate", "repeat_over_nothing_pp", "repeat_over_decided_pp",
             "net_minor", "net_over_nothing_minor", "net_over_decided_minor")  # fmt: skip
    return PolicyAnswer.model_validate(
        {"policy": policy, "title": "", "n_agreeing": 9, "effective_n": 1234.4, **dict.fromkeys(names, NO), **figures}
    )


def a_report(*answers: PolicyAnswer) -> HindsightReport:
    return HindsightReport(
        plan_id="a" * 64, currency="EUR", n_people=1000, n_control=200, n_decisions=4000, n_cut=0, explored_rate=0.1,
        as_of=AT, is_final=False, question="", answers=answers,
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_hindsight_shows_figures_with_intervals_and_reasons_in_words(language: UiLanguage) -> None:
    say = words(language)
    told = an_answer("as-decided", repeat_rate=of(0.12, 0.1, 0.14), net_minor=of(150, -20, 320))
    html = render_hindsight_panel(a_report(told, an_answer("<b>")), say)
    assert "12.0% [10.0%, 14.0%]" in html and "+1.50 EUR [-0.20 EUR, +3.20 EUR]" in html and "1,234" in html
    assert say("results", "policies", "as-decided") in html and say("results", "policies", "other") in html
    assert html.count(say("results", "reasons", "low_ess")) == 4
    assert say("results", "still_open") in html and "<b>" not in html


def test_every_policy_and_every_reason_has_its_words() -> None:
    say = words("zh")
    assert all(say("results", "policies", policy.id) for policy in POLICIES)
    codes = get_args(NotEstimable.model_fields["code"].annotation)
    assert {"low_ess", "no_support", "too_few_buyers", "missing_data"} <= set(codes)
    assert all(say.known("results", "reasons", code, otherwise="other") for code in codes)


def test_the_review_leads_with_its_proposal_and_names_day_and_cohorts() -> None:
    health = tuple(
        CohortHealth(cohort=name, n_sent=60, n_delivered=50, n_bounced=1, n_complained=0, n_left=2)
        for name in ("", "vip")
    )
    review = PlanReview(
        plan_id="a" * 64, title="<i>Peak</i>", currency="EUR", as_of=AT, day=14, health=health, reach_planned=100,
        reach_actual=60, spend_planned_minor=500, spend_actual_minor=300, rpr_difference_pp=NO, n_repeat_treated=3,
        n_repeat_control=1, readable_on=AT.date(), proposal="reduce", rule="overspent", evidence="150%",
        evidence_cohort="",
    )  # fmt: skip
    html = render_review_panel(review, words("en"))
    assert html.index("day 14") < html.index("Proposal: reduce.") < html.index("3.00 EUR of 5.00 EUR")
    assert '<th scope="row">VIPs</th>' in html and "&lt;i&gt;Peak" in html


def test_the_brief_is_headings_with_their_sentences_and_foreign_text_is_text() -> None:
    brief = PlanBrief(
        plan_id="a" * 64, title="t", as_of=AT, is_final=True, verdict="paid", when="Then.",
        lines=(BriefLine(heading="Gained", sentence="5 < 6 <script>"),),
    )  # fmt: skip
    html = render_brief_panel(brief)
    assert "<h4>Gained</h4><p>5 &lt; 6 &lt;script&gt;</p>" in html and "Then." in html
