"""Part holdouts in the lift report: figures of a made experiment, refusals, merges, leaks, both languages, JSON."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from rich.cells import cell_len

from agent.reports import PlanLift, render_lift, render_lift_page
from agent.reports.lift import read_plan
from agent.reports.lift_parts import PART_ARMS_SCHEMA, Parts
from memory.domain.experiment import Interval
from memory.domain.outcome import NotEstimable
from memory.domain.part_holdout import Part, PartHoldout
from tests.factories.doing import LIVE_AT
from tests.factories.experiment import Experiment
from tests.factories.parts import JOURNEY, NEXT
from tools.experiments.cohort_effects import holm
from tools.experiments.intervals import share_difference
from tools.priors.amounts import message_cost_millis

pytestmark = pytest.mark.slow
N = 10_000
SINCE = datetime(2026, 12, 2, 23, tzinfo=UTC)
"""The onboarding is due on 4 December; orders count from the day before, midnight in Berlin."""


def withheld_from(made: Experiment, part: Part, part_id: str, mask: Any, rate: float) -> None:
    """Withhold the treated first-time buyers of the mask from a journey or step."""
    one = PartHoldout(plan_id=made.plan.id, part=part, part_id=part_id, rate=rate)
    is_drawn = (made.cohorts == "first_time") & ~made.is_control
    arms = pa.table(
        [
            pa.repeat(one.experiment_id(made.plan), int(is_drawn.sum())),
            pa.array(made.people[is_drawn]),
            pa.array(np.where(mask[is_drawn], "control", "treated")),
        ],
        schema=PART_ARMS_SCHEMA,
    )
    made.parts = Parts((*made.parts.holdouts, one), pa.concat_tables([made.parts.arms, arms]))


def is_third(made: Experiment) -> Any:
    """Every third person is withheld."""
    return np.arange(len(made.people)) % 3 == 0


def third_without(step: str) -> Experiment:
    """A third of the treated first-time buyers do not get the step; two in five of those who bought then did not."""
    found = Experiment(N, rates=(0.35, 0.3))
    lost = is_third(found) & (found.cohorts == "first_time") & ~found.is_control & (np.arange(N) % 5 < 2)
    found.buys &= ~lost
    found._orders(np.random.default_rng(3))
    withheld_from(found, "step", step, is_third(found), 1 / 3)
    return found


@pytest.fixture(scope="module")
def made() -> Experiment:
    """The step is onboarding."""
    return third_without(NEXT)


def read(made: Experiment, folder: Path, days: float, **more: list[dict[str, Any]]) -> PlanLift:
    with made.view(folder, **more) as view:
        return read_plan(view, made.stored(), LIVE_AT + timedelta(days=days))


@pytest.fixture(scope="module")
def final(made: Experiment, tmp_path_factory: pytest.TempPathFactory) -> PlanLift:
    return read(made, tmp_path_factory.mktemp("final"), 100)


def counted(made: Experiment, until_day: float = 999) -> Iterator[tuple[int, int]]:
    """Count (people, buyers since the onboarding) not withheld and withheld, by hand."""
    since = (SINCE - LIVE_AT) / timedelta(days=1)
    has_bought = made.buys & (made.day >= since) & (made.day < until_day)
    drawn = (made.cohorts == "first_time") & ~made.is_control
    for mask in (drawn & ~is_third(made), drawn & is_third(made)):
        yield int(mask.sum()), int((mask & has_bought).sum())


def test_s2_16_at_the_end_a_step_is_read_among_the_treated_from_when_it_is_due(
    final: PlanLift, made: Experiment
) -> None:
    [part] = final.parts
    (n, buyers), (n_out, out_buyers) = counted(made)
    assert (part.part, part.part_id, part.cohort, part.starts_at) == ("step", NEXT, "first_time", SINCE)
    assert (part.n_treated, part.n_treated_buyers) == (n, buyers)
    assert (part.n_withheld, part.n_withheld_buyers) == (n_out, out_buyers)
    expected = share_difference(buyers, n, out_buyers, n_out)
    assert isinstance(part.rpr_difference_pp, Interval)
    assert part.rpr_difference_pp.estimate == pytest.approx(100 * (buyers / n - out_buyers / n_out))
    assert (part.rpr_difference_pp.low, part.rpr_difference_pp.high) == pytest.approx(
        (100 * expected.low, 100 * expected.high)
    )
    assert part.rpr_difference_pp.low > 0, "two fifths of its buyers were taken away"
    assert not part.sample_ratio.is_suspicious and part.n_messaged == 0


def test_s2_66_before_the_end_its_interval_holds_on_any_day_and_is_wider(
    final: PlanLift, made: Experiment, tmp_path: Path
) -> None:
    [part], [last] = read(made, tmp_path, 60).parts, final.parts
    assert isinstance(part.rpr_difference_pp, Interval) and isinstance(last.rpr_difference_pp, Interval)
    assert "2024" in part.rpr_difference_pp.method
    widths = [one.high - one.low for one in (part.rpr_difference_pp, last.rpr_difference_pp)]
    assert widths[0] > widths[1]
    whole_days = int((LIVE_AT + timedelta(days=60) - SINCE) / timedelta(days=1))
    until = (SINCE - LIVE_AT) / timedelta(days=1) + whole_days
    assert [buyers for _, buyers in counted(made, until)] == [part.n_treated_buyers, part.n_withheld_buyers]


def test_too_few_buyers_or_a_step_not_yet_due_gives_a_reason(made: Experiment, tmp_path: Path) -> None:
    [early], [few] = read(made, tmp_path / "a", 1).parts, read(made, tmp_path / "b", 6).parts
    assert isinstance(early.rpr_difference_pp, NotEstimable) and early.rpr_difference_pp.code == "window_open"
    assert isinstance(few.rpr_difference_pp, NotEstimable) and few.rpr_difference_pp.code == "too_few_buyers"


def test_s2_57_the_report_shows_it_in_both_languages_and_in_json(final: PlanLift) -> None:
    text, chinese = render_lift(final), render_lift(final, "zh")
    assert f"step {NEXT}" in text and "withheld from it alone" in text
    assert f"步骤 {NEXT}" in chinese and "只对它留出的客户" in chinese
    for language, page in (("en", render_lift_page(final)), ("zh", render_lift_page(final, "zh"))):
        assert page.count(NEXT) == 2, f"shares and margin, {language}"
    for said, money in ((text, "Margin per person of the same people"), (chinese, "同一批客户的人均毛利")):
        assert money in said and "Holm" in said
        assert max(cell_len(line) for line in said.splitlines() if line.startswith("  ")) <= 80
    again = PlanLift.model_validate_json(final.model_dump_json())
    assert again.parts == final.parts


def test_b8_someone_with_records_in_both_arms_counts_once_as_withheld(
    final: PlanLift, made: Experiment, tmp_path: Path
) -> None:
    drawn = (made.cohorts == "first_time") & ~made.is_control
    one, other = str(made.people[drawn & is_third(made)][0]), str(made.people[drawn & ~is_third(made)][0])
    [part] = read(made, tmp_path, 100, identities=[{"subject_id": one, "person_id": other}]).parts
    [before] = final.parts
    assert (part.n_withheld, part.n_treated) == (before.n_withheld, before.n_treated - 1)


def test_s2_66_a_message_of_the_step_to_a_withheld_person_raises_an_alarm(made: Experiment, tmp_path: Path) -> None:
    drawn = (made.cohorts == "first_time") & ~made.is_control
    out, welcome = str(made.people[drawn & is_third(made)][0]), str(made.people[drawn & ~is_third(made)][0])
    row = {"channel": "email", "offer_id": "", "extra_millis": 0, "state": "sent"}
    at = int((LIVE_AT + timedelta(days=4)).timestamp() * 1_000_000)
    sent = [(out, NEXT), (welcome, NEXT), (out, "first_time.thank_you")]
    made.messages = [{**row, "claimed_at": at, "person_id": who, "step_id": step} for who, step in sent]
    try:
        found = read(made, tmp_path, 45)
    finally:
        made.messages = []
    assert [one.n_messaged for one in found.parts] == [1]
    assert "ALARM: 1 people who are withheld from the step" in render_lift(found)
    assert "警报" in render_lift(found, "zh")


def test_arms_of_the_wrong_size_are_named_and_each_part_is_read_by_its_own_draw(tmp_path: Path) -> None:
    other = Experiment(N, rates=(0.35, 0.3))
    withheld_from(other, "journey", JOURNEY, is_third(other), 0.1)
    is_fifth = np.arange(len(other.people)) % 5 == 0
    withheld_from(other, "step", NEXT, is_fifth, 0.2)
    found = read(other, tmp_path, 100)
    whole, step = found.parts
    assert (whole.part, whole.sample_ratio.is_suspicious) == ("journey", True)
    assert (step.part, step.sample_ratio.is_suspicious) == ("step", False)
    assert render_lift(found).count("don't have the promised sizes") == 1
    drawn = (other.cohorts == "first_time") & ~other.is_control
    since = (SINCE - LIVE_AT) / timedelta(days=1)
    for part, mask, begins in ((whole, is_third(other), 0.0), (step, is_fifth, since)):
        assert part.n_withheld == (drawn & mask).sum()
        assert part.n_withheld_buyers == (drawn & mask & other.buys & (other.day >= begins)).sum()


def test_a_plan_without_part_holdouts_has_no_such_section(tmp_path: Path) -> None:
    found = read(Experiment(600, rates=(0.3, 0.3)), tmp_path, 100)
    assert found.parts == () and "withheld from it alone" not in render_lift(found)


def test_s2_16_margin_after_cost_is_read_in_both_arms_and_tests_are_corrected_together(tmp_path: Path) -> None:
    """A buyer's margin is the order less 15.00 of goods; each mail of the step costs a not withheld person's share."""
    other = Experiment(N, rates=(0.35, 0.3))
    withheld_from(other, "journey", JOURNEY, is_third(other), 1 / 3)
    is_fifth = np.arange(len(other.people)) % 5 == 0
    withheld_from(other, "step", NEXT, is_fifth, 0.2)
    other.send()
    found = read(other, tmp_path, 100)
    drawn, since = (other.cohorts == "first_time") & ~other.is_control, (SINCE - LIVE_AT) / timedelta(days=1)
    price = message_cost_millis("email", "EUR") / 1000
    for part, mask, begins in zip(found.parts, (is_third(other), is_fifth), (0.0, since), strict=True):
        has_bought = other.buys & (other.day >= begins)
        means = [
            float(np.where(has_bought, other.subtotal - 1500, 0)[drawn & one].mean()) - price for one in (~mask, mask)
        ]
        gap = part.net_margin_difference_minor
        levels = (part.treated_net_margin_minor, part.withheld_net_margin_minor)
        assert [one.estimate for one in levels if isinstance(one, Interval)] == pytest.approx(means)
        assert isinstance(gap, Interval) and gap.estimate == pytest.approx(means[0] - means[1])
        assert gap.low < gap.estimate < gap.high
    tests = [test for part in found.parts for test in (part.rpr_test, part.net_margin_test) if test is not None]
    assert [one.n_tests for one in tests] == [4] * 4
    assert [one.p_adjusted for one in tests] == pytest.approx(holm(np.array([one.p_value for one in tests])))
    assert "corrected for the 4 tests" in render_lift(found)
    assert "共 4 次检验" in render_lift(found, "zh")


def test_a_part_s_margin_needs_the_cost_of_all_goods_and_is_tested_at_the_end_only(
    made: Experiment, tmp_path: Path
) -> None:
    [open_part] = read(made, tmp_path / "a", 60).parts
    assert open_part.rpr_test is None and open_part.net_margin_test is None
    assert isinstance(open_part.net_margin_difference_minor, Interval)
    costs = made.rows.pop("costs")
    try:
        [part] = read(made, tmp_path / "b", 100).parts
    finally:
        made.rows["costs"] = costs
    assert isinstance(part.net_margin_difference_minor, NotEstimable)
    assert part.net_margin_difference_minor.code == "missing_data"
    assert part.rpr_test is not None and part.rpr_test.n_tests == 1 and part.net_margin_test is None
