"""Only a final lift that can be read and believed becomes lessons, with interval, sizes, dates and what was sent."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from agent.learning.learning import Learned, lessons_from
from agent.learning.lessons import sent_by_step, steps_of
from agent.learning.words import lesson_source, lesson_words
from agent.reports import PlanLift
from agent.reports.lift import read_plan
from memory.domain.experiment import Interval
from memory.domain.outcome import NotEstimable
from tests.agent.reports.test_lift_parts import SINCE, is_third, withheld_from
from tests.factories.doing import LIVE_AT
from tests.factories.experiment import Experiment
from tests.factories.parts import NEXT
from tools.outcomes.window import outcome_window

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made() -> Experiment:
    return Experiment(8_000, rates=(0.3, 0.2))


@pytest.fixture(scope="module")
def final(made: Experiment, tmp_path_factory: pytest.TempPathFactory) -> PlanLift:
    with made.view(tmp_path_factory.mktemp("final")) as view:
        return read_plan(view, made.stored(), LIVE_AT + timedelta(days=100))


def taught(made: Experiment, report: PlanLift, sent: dict[str, int] | None = None) -> Learned:
    every = {step.id: 1_000 for _, step in steps_of(made.plan)}
    window = outcome_window(made.plan, LIVE_AT)
    return lessons_from(made.plan, report, every if sent is None else sent, window, 7)


def test_s2_17_a_final_lift_teaches_as_a_whole_and_by_cohort(made: Experiment, final: PlanLift) -> None:
    found = taught(made, final)
    assert [(one.scope, one.part_id) for one in found.lessons] == [
        ("plan", ""), ("cohort", "discount_sensitive"), ("cohort", "first_time"), ("cohort", "reactivated"),
        ("cohort", "vip"),
    ]  # fmt: skip
    whole = found.lessons[0]
    n = {arm: int((made.is_control == (arm == "control")).sum()) for arm in ("treated", "control")}
    assert (whole.n_treated, whole.n_withheld) == (n["treated"], n["control"])
    rates = [made.buys[mask].mean() for mask in (~made.is_control, made.is_control)]
    assert whole.orders.estimate == pytest.approx(rates[0] - rates[1]), "everybody here orders at most once"
    assert isinstance(final.rpr_difference_pp, Interval) and whole.rpr_pp == final.rpr_difference_pp
    assert (str(whole.starts_on), str(whole.ends_on), whole.data_version) == ("2026-12-01", "2027-02-28", 7)
    thanks = next(one for one in whole.exposures if (one.cohort, one.kind) == ("vip", "thank_you"))
    assert thanks.sent_rate == pytest.approx(1_000 / n["treated"], abs=1e-6)


def test_the_same_facts_teach_the_same_under_the_same_names(made: Experiment, final: PlanLift) -> None:
    assert taught(made, final) == taught(made, final)
    assert taught(made, final).lessons[1].id == f"lesson-{made.plan.id[:12]}.discount_sensitive"


def test_before_the_end_nothing_is_taught(made: Experiment, tmp_path: Path) -> None:
    with made.view(tmp_path) as view:
        early = read_plan(view, made.stored(), LIVE_AT + timedelta(days=60))
    found = taught(made, early)
    assert found.lessons == ()
    assert "not over" in found.unread[0]


def test_what_is_not_estimable_teaches_nothing_and_says_why(made: Experiment, final: PlanLift) -> None:
    refused = NotEstimable(code="too_few_buyers", message="Too few.")
    rows = tuple(one.model_copy(update={"difference": refused}) for one in final.added_orders)
    found = taught(made, final.model_copy(update={"added_orders": rows}))
    assert found.lessons == ()
    assert found.unread[0] == "plan: Too few."


def test_opens_clicks_and_attributed_revenue_teach_nothing(made: Experiment, final: PlanLift) -> None:
    loud = final.diagnostics.model_copy(update={"n_opens": 10**6, "n_clicks": 10**6, "attributed_minor": 10**9})
    assert taught(made, final.model_copy(update={"diagnostics": loud})) == taught(made, final)
    assert taught(made, final, sent={}).lessons == (), "where nothing was sent, nothing is learned of messages"


@pytest.mark.parametrize("doubt", ["sizes", "leak"])
def test_a_lift_that_is_not_to_be_believed_teaches_nothing(made: Experiment, final: PlanLift, doubt: str) -> None:
    changes: dict[str, object] = {
        "sizes": {"sample_ratio": final.sample_ratio.model_copy(update={"is_suspicious": True})},
        "leak": {"leaks": final.leaks.model_copy(update={"n_messaged": 1})},
    }
    found = taught(made, final.model_copy(update=changes[doubt]))  # type: ignore[arg-type]
    assert found.lessons == ()
    assert "find the cause" in found.unread[0]


def test_a_lesson_is_told_in_both_languages_with_its_source(made: Experiment, final: PlanLift) -> None:
    whole, cohort = taught(made, final).lessons[:2]
    assert lesson_words(whole).startswith("Measured against withheld people, 2026-12-01 to 2027-02-28, the whole plan:")
    assert f"{whole.n_treated:,} people against {whole.n_withheld:,}" in lesson_words(whole)
    assert f"{cohort.n_treated:,}人对{cohort.n_withheld:,}人" in lesson_words(cohort, "zh")
    assert "与对照组相比的实测结果" in lesson_words(cohort, "zh")
    assert lesson_source(whole) == f"lift of plan {made.plan.id[:12]}, data version 7"
    assert "It may have changed nothing" not in lesson_words(whole)


def test_messages_are_added_up_per_step() -> None:
    rows = [{"step_id": "a", "n_sent": 2}, {"step_id": "b", "n_sent": 1}, {"step_id": "a", "n_sent": 3}]
    assert sent_by_step(rows) == {"a": 5, "b": 1}


def test_s2_17_a_step_that_was_withheld_by_itself_teaches_what_it_adds(tmp_path: Path) -> None:
    """Every third treated first-time buyer got no onboarding; two in five of those who would have bought did not."""
    made = Experiment(10_000, rates=(0.35, 0.3))
    treated = (made.cohorts == "first_time") & ~made.is_control
    made.buys &= ~(is_third(made) & treated & (np.arange(10_000) % 5 < 2))
    made._orders(np.random.default_rng(3))
    withheld_from(made, "step", NEXT, is_third(made), 1 / 3)
    with made.view(tmp_path) as view:
        report = read_plan(view, made.stored(), LIVE_AT + timedelta(days=100))
    [part] = [one for one in taught(made, report, {NEXT: 900}).lessons if one.scope == "step"]
    got, not_got = treated & ~is_third(made), treated & is_third(made)
    assert (part.part_id, part.n_treated, part.n_withheld) == (NEXT, got.sum(), not_got.sum())
    has_bought = made.buys & (made.day >= (SINCE - LIVE_AT) / timedelta(days=1))
    assert part.orders.estimate == pytest.approx(has_bought[got].mean() - has_bought[not_got].mean(), abs=1e-9)
    [exposure] = part.exposures
    assert (exposure.cohort, exposure.kind) == ("first_time", "onboarding")
    assert exposure.sent_rate == pytest.approx(900 / got.sum(), abs=1e-6)
    assert "First-time: Onboarding: +0.168 orders per person (+0.126 to +0.210, 95 %), repeat" in lesson_words(part)
    assert "points (+12.5 to +20.9); 1,158 people against 617. Sent per person: onboarding 0.78." in lesson_words(part)
    assert "人均订单+0.168（+0.126至+0.210，95%），复购率+16.8个百分点（+12.5至+20.9）" in lesson_words(part, "zh")
