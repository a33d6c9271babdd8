from datetime import UTC, datetime, timedelta
from typing import Literal

from agent.reports.belonging import BelongingReport, Group
from api.ui.community.report_view import render_report
from api.ui.shell.words import LANGUAGES, words
from memory.domain.experiment import Interval
from memory.domain.outcome import NotEstimable
from tools.metrics.belonging import ReferralDifference

AT = datetime(2027, 1, 2, tzinfo=UTC)
NO_DRAW = NotEstimable(code="no_control_group", message="None.")
TOO_FEW = NotEstimable(code="too_few_people", message="Few.")


def difference(kind: Literal["randomised", "matched"], low: float = 0.5, high: float = 3.5) -> ReferralDifference:
    return ReferralDifference(
        kind=kind, label="said elsewhere", n=1_000, n_others=4_000, n_left_out=7, rate=0.05, others_rate=0.03,
        difference_pp=Interval(estimate=2.0, low=low, high=high, method="by hand"), window_begins_at=AT,
        window_ends_at=AT + timedelta(days=90),
    )  # fmt: skip


def report(
    comparison: ReferralDifference | NotEstimable, why: NotEstimable | None = NO_DRAW, group: Group = "community"
) -> BelongingReport:
    return BelongingReport(group=group, begins_at=AT, ends_at=AT, comparison=comparison, not_randomised=why)


def test_s1_33_people_like_them_are_labelled_no_effect_and_have_no_verdict() -> None:
    html = render_report(report(difference("matched")), words("en"), "UTC")
    assert html.index("Not an effect.") < html.index("+2.0 pp") and "+0.5 pp to +3.5 pp" in html
    assert "Inviting led" not in html and "7 people are in no figure" in html and "secondorder plan holdout" in html
    assert "并非效果。" in render_report(report(difference("matched")), words("zh"), "UTC")


def test_s1_33_a_holdout_is_an_effect_with_its_interval_and_what_that_says() -> None:
    for low, high, said in ((0.5, 3.5, "more"), (-3.0, -0.5, "fewer"), (-1.0, 2.0, "No difference")):
        html = render_report(report(difference("randomised", low, high), None), words("en"), "UTC")
        assert "Measured." in html and said in html and "Not an effect." not in html
        assert "of 1,000 people" in html and "of 4,000 people" in html and "Jan 2, 2027" in html


def test_without_a_figure_it_says_why_and_ambassadors_are_invited_by_hand() -> None:
    for language in LANGUAGES:
        html = render_report(report(TOO_FEW, group="ambassadors"), words(language), "UTC")
        assert "30" in html and "secondorder plan holdout" not in html and "pp" not in html
    open_ = NotEstimable(code="window_open", message="Open.")
    assert "not over yet" in render_report(report(open_, None), words("en"), "UTC")
