from agent.reports.members import InvitationEffect, MemberReport, no_holdout
from api.ui.members.compared_view import render_report
from api.ui.shell.words import words
from memory.domain.experiment import Interval
from memory.domain.outcome import NotEstimable
from tools.metrics.aov import Aov
from tools.metrics.members import MembersApart
from tools.metrics.rpr import Rpr


def interval(estimate: float, low: float, high: float) -> Interval:
    return Interval(estimate=estimate, low=low, high=high, method="by hand")


RPR = Rpr(n_people=100, n_repeat=40, within_days=90, rate=interval(0.4, 0.31, 0.5))
AOV = Aov(n_orders=50, revenue_minor=350_000, aov_minor=interval(7_000, 6_000, 8_000), currency="EUR")
TOO_FEW = NotEstimable(code="too_few_people", message="Too few.")
RAW = MembersApart(
    n_members=100, n_others=900, within_days=90, member_rpr=RPR, other_rpr=TOO_FEW, member_aov=AOV, other_aov=AOV,
    rpr_difference_pp=None, aov_difference_minor=-323.4,
)  # fmt: skip


def effect(low: float, high: float) -> InvitationEffect:
    return InvitationEffect(
        plan_id="b" * 64, step_id="s", n_invited=800, n_withheld=200, rpr_difference_pp=interval(1.0, low, high)
    )


def test_s1_25_the_raw_difference_is_labelled_no_effect_and_has_no_interval_of_its_own() -> None:
    html = render_report(MemberReport(raw=RAW, effect=no_holdout()), words("en"))
    assert html.index("Not an effect.") < html.index("Repeat purchase rate within 90 days")
    assert "40.0%" in html and "31.0% – 50.0%" in html and "-€3.23" in html and "Too few people." in html
    assert "There is no causal figure." in html and "secondorder plan holdout" in html
    assert "并非效果。" in render_report(MemberReport(raw=RAW, effect=no_holdout()), words("zh"))


def test_what_inviting_changed_has_its_interval_and_what_that_says() -> None:
    for low, high, said in ((0.5, 2.0, "more"), (-2.0, -0.5, "fewer"), (-1.0, 2.0, "No difference")):
        html = render_report(MemberReport(raw=RAW, effect=effect(low, high)), words("en"))
        assert said in html and "+1.0 pp" in html and "95% interval" in html and "withheld: 200" in html
    none = effect(0, 0).model_copy(update={"rpr_difference_pp": TOO_FEW})
    assert "Too few people." in render_report(MemberReport(raw=RAW, effect=none), words("en"))
