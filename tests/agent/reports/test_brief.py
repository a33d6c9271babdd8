"""The boss's brief and the review in words: money first, certainty, next step, in both languages."""

import html
from datetime import timedelta

import pytest

from agent.reports import PlanLift, plan_brief, render_brief, render_brief_page, render_review, render_review_page
from agent.reports.brief import verdict
from agent.reports.brief_text import NEXT
from agent.reports.lift import read_plan
from agent.reports.lift_model import Leaks
from agent.reports.lift_text import ReportLanguage
from agent.reports.review import review_of
from agent.reports.review_words import WORDS, review_health
from memory.domain.experiment import Interval
from memory.domain.outcome import NotEstimable
from memory.domain.review import CohortHealth
from tests.factories.doing import LIVE_AT
from tests.factories.experiment import Experiment

pytestmark = pytest.mark.slow
LANGUAGES: tuple[ReportLanguage, ...] = ("en", "zh")
HEALTH = (
    CohortHealth(cohort="", n_sent=900, n_delivered=880, n_bounced=5, n_complained=1, n_left=3),
    CohortHealth(cohort="vip", n_sent=900, n_delivered=880, n_bounced=5, n_complained=1, n_left=3),
)


@pytest.fixture(scope="module")
def live() -> Experiment:
    made = Experiment(12_000, rates=(0.25, 0.15))
    made.send()
    return made


@pytest.fixture(scope="module")
def final(live: Experiment, tmp_path_factory: pytest.TempPathFactory) -> PlanLift:
    with live.view(tmp_path_factory.mktemp("final")) as view:
        return read_plan(view, live.stored(), LIVE_AT + timedelta(days=100))


@pytest.fixture(scope="module")
def early(live: Experiment, tmp_path_factory: pytest.TempPathFactory) -> PlanLift:
    with live.view(tmp_path_factory.mktemp("early")) as view:
        return read_plan(view, live.stored(), LIVE_AT + timedelta(days=2))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_brief_says_money_return_certainty_next_step_and_why_the_tool_says_more(
    final: PlanLift, language: ReportLanguage
) -> None:
    claimed = final.diagnostics.model_copy(update={"n_attributed": 412, "attributed_minor": 2_000_000})
    text = render_brief(final.model_copy(update={"diagnostics": claimed}), language)
    added = final.incremental_margin_minor
    assert isinstance(added, Interval) and isinstance(final.roi, Interval)
    for figure in (f"{added.estimate / 100:,.0f} EUR", f"{final.roi.estimate:.2f}", "20,000 EUR", "412"):
        assert figure in text
    control = final.control.n_repeat / final.control.n_people
    assert f"{control:.1%}" in text.split("## ")[-1]
    assert text.count("## ") == 6
    page = render_brief_page(final, language)
    assert page.count("<h2>") == 6 and "<svg" in page


def test_the_next_step_follows_from_the_figures(final: PlanLift, early: PlanLift) -> None:
    net = final.net_margin_minor
    assert isinstance(net, Interval) and net.low > 0
    assert verdict(final) == "paid"
    lost = net.model_copy(update={"low": -9.0, "high": -1.0})
    assert verdict(final.model_copy(update={"net_margin_minor": lost})) == "lost"
    assert verdict(final.model_copy(update={"net_margin_minor": net.model_copy(update={"low": -1.0})})) == "unclear"
    unknown = NotEstimable(code="missing_data", message="No costs.")
    assert verdict(final.model_copy(update={"net_margin_minor": unknown})) == "unpaid"
    assert verdict(final.model_copy(update={"leaks": Leaks(n_messaged=1)})) == "fix"
    assert verdict(early) == "wait"
    assert set(NEXT["en"]) == set(NEXT["zh"]) == {"fix", "wait", "paid", "lost", "unclear", "unpaid"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_no_provider_reports_anything_the_review_says_so_and_claims_no_zero(
    early: PlanLift, live: Experiment, language: ReportLanguage
) -> None:
    silent = tuple(one.model_copy(update={"n_delivered": 0, "n_bounced": 0}) for one in HEALTH)
    review = review_of(live.plan, early.model_copy(update={"cost_minor": 100}), silent)
    said = WORDS[language]["silent"]
    assert said in render_review(review, language)
    assert [row[2:4] for row in review_health(review, language)[1:]] == [("-", "-"), ("-", "-")]
    heard = review_of(live.plan, early.model_copy(update={"cost_minor": 100}), HEALTH)
    assert said not in render_review(heard, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_early_review_says_when_the_lift_can_be_read_and_what_to_do(
    early: PlanLift, live: Experiment, language: ReportLanguage
) -> None:
    review = review_of(live.plan, early.model_copy(update={"cost_minor": 100}), HEALTH)
    assert review.readable_on is not None and review.day == 2
    text = render_review(review, language)
    assert str(review.readable_on) in text
    assert ("Proposal: continue" if language == "en" else "建议：继续") in text
    assert "880 (97.8%)" in text
    due = [step for step in live.plan.steps() if step.owner == "us" and step.day <= 2]
    assert review.reach_planned == sum(step.expected_reach for step in due)


@pytest.mark.parametrize("language", LANGUAGES)
def test_past_its_last_day_a_plan_is_over_and_not_to_be_continued(
    final: PlanLift, live: Experiment, language: ReportLanguage
) -> None:
    thrifty = final.model_copy(update={"cost_minor": 100})
    text = render_review(review_of(live.plan, thrifty, HEALTH), language)
    assert WORDS[language]["over"] in text and WORDS[language]["continue"] not in text
    on_time = thrifty.model_copy(update={"as_of": LIVE_AT + timedelta(days=20)})
    assert WORDS[language]["over"] not in render_review(review_of(live.plan, on_time, HEALTH), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_broken_rule_is_named_with_its_bound_and_figure(
    final: PlanLift, live: Experiment, language: ReportLanguage
) -> None:
    leaked = final.model_copy(update={"leaks": Leaks(n_messaged=3)})
    assert "3" in render_review(review_of(live.plan, leaked, HEALTH), language).splitlines()[1]
    loud = tuple(one.model_copy(update={"n_complained": 9}) for one in HEALTH)
    said = render_review(review_of(live.plan, final, loud), language).splitlines()[1]
    assert "0.3 %" in said and "9/900" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_brief_as_data_says_what_the_page_says(final: PlanLift, language: ReportLanguage) -> None:
    brief, text = plan_brief(final, language), render_brief(final, language)
    assert len(brief.lines) == 6
    for line in brief.lines:
        assert f"## {line.heading}\n\n{line.sentence}" in text
    assert (brief.plan_id, brief.verdict, brief.is_final) == (final.plan_id, verdict(final), True)
    assert brief.when in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_review_as_a_page_says_what_its_text_says_and_shows_foreign_words_as_text(
    final: PlanLift, live: Experiment, language: ReportLanguage
) -> None:
    review = review_of(live.plan, final, HEALTH).model_copy(update={"title": "<b>Peak</b>"})
    page = render_review_page(review, language)
    assert "<b>" not in page and f'lang="{language}"' in page
    for line in render_review(review, language).splitlines():
        assert html.escape(line) in page


def test_a_chinese_review_has_no_english_in_it(final: PlanLift, live: Experiment) -> None:
    few = NotEstimable(code="too_few_buyers", message="The control arm has 7 buyers; it is read from 50 on.")
    harmed = (HEALTH[0], HEALTH[1].model_copy(update={"n_sent": 200, "n_complained": 2}))
    lost = Interval(estimate=-2.5, low=-4, high=-1, method="test")
    leaked = final.model_copy(update={"leaks": Leaks(n_messaged=3)})
    said = {
        name: render_review(review_of(live.plan, report, health), "zh").splitlines()
        for name, report, health in (
            ("never", final.model_copy(update={"rpr_difference_pp": few}), harmed),
            ("below", final.model_copy(update={"rpr_difference_pp": lost}), HEALTH),
            ("leaked", leaked, HEALTH),
        )
    }
    assert said["never"][1] == "建议：缩减。 规则：投诉率不超过 0.3 %（VIP 客户 2/200）。"
    assert said["below"][1] == "建议：停止。 规则：增量区间不得整体低于零（[-4.0, -1.0] 个百分点）。"
    assert said["leaked"][1] == "建议：停止。 规则：对照组不得收到消息（3 人）。"
    n = (final.treated.n_repeat, final.control.n_repeat)
    assert said["never"][2] == (
        f"效果无法解读：发送组有 {n[0]} 位复购者，对照组有 {n[1]} 位；较小的一组至少 50 位才可解读。"
    )
    english = render_review(review_of(live.plan, leaked, HEALTH)).splitlines()[1]
    assert "(3 withheld people)" in english
