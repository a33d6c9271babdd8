"""The lift report read from facts: looks, costs as seen, cohorts, leaks, pictures, in both languages."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.reports import PlanLift, render_lift, render_lift_page
from agent.reports.lift import read_plan
from agent.reports.lift_pictures import lift_pictures
from memory.domain.evidence import Adjusted, PlannedReadout
from memory.domain.experiment import Interval
from memory.domain.outcome import NotEstimable
from tests.factories.doing import LIVE_AT
from tests.factories.experiment import Experiment
from tests.factories.facts import fact
from tools.experiments.goal import share_chance

pytestmark = pytest.mark.slow
N = 12_000


@pytest.fixture(scope="module")
def live() -> Experiment:
    made = Experiment(N, rates=(0.2, 0.15))
    made.send()
    made.send(0.5, offer_id="first_time.store_credit", day=28)
    return made


def read(live: Experiment, folder: Path, days: float, **more: list[dict[str, Any]]) -> PlanLift:
    with live.view(folder, **more) as view:
        return read_plan(view, live.stored(), LIVE_AT + timedelta(days=days))


@pytest.fixture(scope="module")
def final(live: Experiment, tmp_path_factory: pytest.TempPathFactory) -> PlanLift:
    return read(live, tmp_path_factory.mktemp("final"), 100)


@pytest.fixture(scope="module")
def halfway(live: Experiment, tmp_path_factory: pytest.TempPathFactory) -> PlanLift:
    return read(live, tmp_path_factory.mktemp("half"), 45)


def width(estimate: object) -> float:
    assert isinstance(estimate, Interval), estimate
    return estimate.high - estimate.low


def test_s2_66_the_end_is_read_as_the_last_of_the_planned_looks(final: PlanLift, live: Experiment) -> None:
    assert final.is_final and final.reading.shown == "planned"
    assert isinstance(final.reading.planned, PlannedReadout)
    assert final.reading.look_days == (14, 28, 42, 56, 70, 90)
    rates = [live.buys[mask].mean() for mask in (~live.is_control, live.is_control)]
    assert isinstance(final.rpr_difference_pp, Interval)
    assert final.rpr_difference_pp.estimate == pytest.approx(100 * (rates[0] - rates[1]))
    assert final.reading.planned.crosses == (final.rpr_difference_pp.low > 0)


def test_s2_66_before_the_end_every_interval_is_one_that_holds_on_any_day(halfway: PlanLift) -> None:
    assert not halfway.is_final and halfway.reading.shown == "anytime"
    for estimate in (halfway.rpr_difference_pp, halfway.aov_difference_minor, halfway.margin_difference_minor,
                     halfway.net_margin_minor, halfway.rpr_relative_lift):  # fmt: skip
        assert isinstance(estimate, Interval)
        assert "2024" in estimate.method
    assert halfway.cohort_effects is not None
    assert halfway.cohort_effects.interaction_p_value is None, "that test belongs to the end"
    assert str(halfway.reading.next_look_on) == "2027-01-26"


def test_the_return_counts_sends_and_expected_incentives_where_nothing_shows_their_use(
    final: PlanLift, live: Experiment
) -> None:
    offer = live.plan.offer("first_time.store_credit")
    assert offer is not None
    n_issued = sum(1 for row in live.messages if row["offer_id"])
    expected = n_issued * offer.redemption_rate * offer.cost_per_use.amount_minor
    [part] = [each for each in final.costs.offers if each.offer_id == offer.id]
    assert (part.basis, part.n_uses) == ("expected", None)
    assert part.cost_minor == pytest.approx(expected, abs=1)
    assert final.cost_minor == pytest.approx(final.costs.sends_minor + final.costs.expected_minor, abs=2)
    assert isinstance(final.roi, Interval) and isinstance(final.incremental_margin_minor, Interval)
    assert final.roi.estimate == pytest.approx(final.incremental_margin_minor.estimate / final.cost_minor, rel=1e-3)
    assert isinstance(final.net_margin_minor, Interval)
    assert final.net_margin_minor.estimate == pytest.approx(
        final.incremental_margin_minor.estimate - final.cost_minor, rel=1e-3
    )


def test_once_orders_show_an_offer_s_code_its_uses_are_counted_as_seen(live: Experiment, tmp_path: Path) -> None:
    person = str(live.people[~live.is_control][0])
    at, code = LIVE_AT + timedelta(days=30), "FIRST-TIME-STORE-CREDIT"
    order = live.order(1, person, at, discount_code=code, discount_minor=1000, subtotal_minor=4000)
    line = fact("order_lines", 9_000_000, at, shop_id="nord", order_fact_id=order["fact_id"], subject_id=person)
    found = read(live, tmp_path, 100, orders=[order], order_lines=[line])
    [part] = [each for each in found.costs.offers if each.offer_id == "first_time.store_credit"]
    assert (part.basis, part.n_uses, part.cost_minor) == ("observed", 1, 1000)
    assert found.costs.expected_minor == 0
    assert "expected to be used" not in render_lift(found)


def test_codes_of_a_later_plan_do_not_turn_a_finished_plan_s_expected_uses_into_none(
    live: Experiment, final: PlanLift, tmp_path: Path
) -> None:
    later = LIVE_AT + timedelta(days=95)
    order = live.order(1, str(live.people[0]), later, discount_code="FIRST-TIME-STORE-CREDIT", discount_minor=1000)
    found = read(live, tmp_path, 100, orders=[order])
    assert found.costs == final.costs
    assert found.costs.expected_minor > 0


def test_s2_66_leaks_into_the_control_group_raise_an_alarm(live: Experiment, tmp_path: Path) -> None:
    one, two = (str(each) for each in live.people[live.is_control][:2])
    live.reached = [{"person_id": one, "is_own": True}, {"person_id": two, "is_own": False}]
    at = LIVE_AT + timedelta(days=5)
    sent = [fact("events", 1, at, shop_id="nord", subject_id=two, kind="sent", channel="email")]
    order = live.order(1, one, at, discount_code="first_time.store_credit")
    try:
        found = read(live, tmp_path, 45, events=sent, orders=[order])
    finally:
        live.reached = []
    leaks = found.leaks
    assert (leaks.n_messaged, leaks.n_messaged_by_others, leaks.n_messaged_elsewhere, leaks.n_redeemed) == (1, 1, 1, 1)
    assert leaks.is_alarm
    assert render_lift(found).count("ALARM") == 3
    assert render_lift(found, "zh").count("警报") == 3


def test_no_leak_no_alarm(final: PlanLift) -> None:
    assert not final.leaks.is_alarm
    assert "ALARM" not in render_lift(final)


def test_s1_58_a_goal_of_referred_new_customers_has_its_progress_and_a_chance(live: Experiment, tmp_path: Path) -> None:
    goal = live.plan.goal.model_copy(update={"metric": "referral_rate", "baseline": 0.10, "target": 0.20})
    plan = live.plan.model_copy(update={"goal": goal})
    at = LIVE_AT + timedelta(days=10)
    orders = [live.order(n, f"new-{n}", at, is_referred=n < 15) for n in range(60)]
    orders.append(live.order(99, "new-0", at + timedelta(days=5)))  # a second purchase is no new customer
    orders += [live.order(200 + n, f"old-{n}", LIVE_AT - timedelta(days=9), is_referred=True) for n in range(5)]
    members = live.rows["cohort_members"]
    live.rows["cohort_members"] = members.set_column(0, "plan_id", [[plan.id] * members.num_rows])
    try:
        with live.view(tmp_path, orders=orders) as view:
            found = read_plan(view, live.stored(plan), LIVE_AT + timedelta(days=45))
    finally:
        live.rows["cohort_members"] = members
    assert found.goal is not None and found.goal.metric == "referral_rate"
    n_new = round(15 / found.goal.now)
    assert n_new >= 60, "buyers of the plan without an earlier order are new customers too"
    assert found.goal.progress_rate == pytest.approx((found.goal.now - 0.1) / 0.1)
    assert found.goal.chance == pytest.approx(share_chance(15, n_new, 0.2, 45 / 90), abs=0.01)
    assert "of new customers from 10.0% to 20.0% within 90 days" in render_lift(found)
    assert "新客中推荐带来的占比" in render_lift(found, "zh")


def test_the_past_makes_the_interval_narrower_and_cohorts_are_corrected(final: PlanLift) -> None:
    assert final.adjusted is not None and isinstance(final.adjusted.repeat, Adjusted)
    assert final.adjusted.repeat.variance_cut_rate > 0
    assert width(final.adjusted.repeat.difference) < width(final.adjusted.repeat.plain)
    assert final.cohort_effects is not None
    assert len(final.cohort_effects.cohorts) == 4
    for one in final.cohort_effects.cohorts:
        assert one.p_adjusted is not None and one.p_value is not None
        assert one.p_adjusted >= one.p_value


def test_clv_is_given_to_horizons_that_are_over_and_dated_where_not(final: PlanLift) -> None:
    assert [row.days for row in final.clv] == [30, 60, 90, 180, 365]
    assert all(isinstance(row.margin_difference_minor, Interval) for row in final.clv[:3])
    late = final.clv[4].revenue_difference_minor
    assert isinstance(late, NotEstimable)
    assert str(late.readable_on) == "2027-12-01"


def test_attributed_revenue_counts_orders_of_both_arms_after_any_open(live: Experiment, tmp_path: Path) -> None:
    buyer = next(i for i in range(N) if live.buys[i] and live.is_control[i])
    at = LIVE_AT + timedelta(days=float(live.day[buyer]) - 2)
    opened = fact("events", 1, at, shop_id="nord", subject_id=str(live.people[buyer]), kind="mail_open",
                  message_id="m", is_machine=True)  # fmt: skip
    found = read(live, tmp_path, 100, events=[opened])
    assert (found.diagnostics.n_attributed, found.diagnostics.n_machine_opens) == (1, 1)
    assert found.diagnostics.attributed_minor == live.subtotal[buyer]
    text = render_lift(found)
    assert text.index("Diagnostics") < text.index("as mail tools count")


def test_two_few_buyers_say_about_when_they_can_be_read(live: Experiment, tmp_path: Path) -> None:
    early = read(live, tmp_path, 3)
    assert isinstance(early.rpr_difference_pp, NotEstimable)
    assert early.rpr_difference_pp.readable_on is not None
    day = str(early.rpr_difference_pp.readable_on)
    assert day in render_lift(early) and f"约 {day} 可读" in render_lift(early, "zh")


def test_pictures_show_both_arms_the_sequence_and_the_money(final: PlanLift, halfway: PlanLift) -> None:
    found = lift_pictures(final)
    assert set(found) == {"repeat-curves", "lift-over-time", "margin-and-cost"}
    assert all(svg.startswith("<svg") and 'role="img"' in svg for svg in found.values())
    last = final.days[-1]
    assert isinstance(final.treated.rpr, Interval)
    assert last.treated_rate == pytest.approx(final.treated.rpr.estimate)
    assert last.cost_minor == pytest.approx(final.cost_minor, abs=2)
    assert isinstance(final.incremental_margin_minor, Interval)
    assert last.margin_minor == pytest.approx(final.incremental_margin_minor.estimate, abs=2)
    assert halfway.days[-1].day == 45
    page = render_lift_page(final, "zh")
    assert page.count("<svg") == 4
    assert "逐日复购率" in page


def test_the_report_survives_json(final: PlanLift) -> None:
    assert PlanLift.model_validate_json(final.model_dump_json()) == final


@pytest.mark.parametrize(("metric", "target"), [("rpr", 0.2), ("clv", 10.0)])
def test_s1_56_s1_57_the_goal_has_its_progress_and_a_chance(
    live: Experiment, halfway: PlanLift, tmp_path: Path, metric: str, target: float
) -> None:
    goal = live.plan.goal.model_copy(update={"metric": metric, "baseline": target / 2, "target": target})
    plan = live.plan.model_copy(update={"goal": goal})
    members = live.rows["cohort_members"]
    live.rows["cohort_members"] = members.set_column(0, "plan_id", [[plan.id] * members.num_rows])
    try:
        with live.view(tmp_path) as view:
            found = read_plan(view, live.stored(plan), LIVE_AT + timedelta(days=45))
    finally:
        live.rows["cohort_members"] = members
    assert halfway.goal is None, "that plan has no target"
    assert found.goal is not None and found.goal.progress_rate is not None
    revenue = found.treated.revenue_per_person_minor
    assert isinstance(revenue, Interval)
    rate = found.treated.n_repeat / found.treated.n_people
    assert found.goal.now == pytest.approx(rate if metric == "rpr" else revenue.estimate / 100)
    assert found.goal.progress_rate == pytest.approx((found.goal.now - target / 2) / (target / 2))
    assert isinstance(found.goal.chance, float) and 0 <= found.goal.chance <= 1
    chance = f"{found.goal.chance:.0%}"
    assert f"chance of {chance}" in render_lift(found) and f"概率为 {chance}" in render_lift(found, "zh")
