"""Going live and ticking: once per slot, the same anywhere, the control group recorded and never messaged."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from agent.reports import lift_report, render_lift, render_lift_page
from agent.tick import TickReport, go_live, tick
from memory.domain.errors import NotReady
from memory.domain.experiment import Interval
from memory.domain.facts import LAKE_SCHEMAS
from tests.factories.doing import LIVE_AT
from tests.factories.facts import Facts
from tests.factories.live_world import KEY, a_live_world

pytestmark = pytest.mark.slow


class Running:
    """A live plan for sixty people."""

    def __init__(self, folder: Path) -> None:
        self.store, self.lake, self.clock, self.world, self.gone = a_live_world(folder)

    def tick(self, days: float, *, seed: int = 1, hours: float = 24, rate: float = 0.2) -> TickReport:
        at = LIVE_AT + timedelta(days=days)
        return tick(self.store, self.lake, self.clock, KEY, "nord", at, seed=seed, slot=timedelta(hours=hours),
                    exploration_rate=rate)  # fmt: skip

    def decisions(self) -> list[dict[str, object]]:
        with self.store.read() as uow:
            versions = uow.batches.lake_versions()
        with self.lake.open(versions) as view:
            rows: list[dict[str, object]] = view.raw("decisions").to_pyarrow().to_pylist()
            return rows


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> tuple[Running, Running]:
    """Two installations with the same facts, plan and seed."""
    return Running(tmp_path_factory.mktemp("one")), Running(tmp_path_factory.mktemp("two"))


def test_s2_16_going_live_withholds_a_share_and_happens_once(two: tuple[Running, Running]) -> None:
    one, _ = two
    assert one.gone.n_treated + one.gone.n_control == 60
    assert one.gone.n_control > 0
    with pytest.raises(NotReady):
        go_live(one.store, one.lake, one.clock, KEY, one.world.approved)


def test_dc_05_the_same_facts_and_seed_decide_the_same_anywhere(two: tuple[Running, Running]) -> None:
    first, second = (each.tick(1) for each in two)
    assert first.n_decisions == 60
    assert first.decisions_hash == second.decisions_hash
    assert first.chosen["control"] == two[0].gone.n_control


def test_i12_a_slot_that_was_decided_is_not_decided_again(two: tuple[Running, Running]) -> None:
    one, _ = two
    one.tick(1)
    before = len(one.decisions())
    again = one.tick(1, seed=99)
    assert again.is_repeat
    assert len(one.decisions()) == before


def test_i12_a_plan_that_went_live_at_the_instant_of_a_slot_is_decided_once(tmp_path: Path) -> None:
    """What one slot left to chance or refused gets no second chance in the next."""
    one = Running(tmp_path)
    one.tick(0, hours=48)
    one.tick(2, hours=48)
    ids = [row["decision_id"] for row in one.decisions()]
    assert ids
    assert len(ids) == len(set(ids))


def test_i11_withheld_people_are_decided_and_have_no_message(two: tuple[Running, Running]) -> None:
    one, _ = two
    one.tick(1)
    control = {row["person_id"] for row in one.decisions() if row["arm"] == "control"}
    assert len(control) == one.gone.n_control
    assert {row["chosen"] for row in one.decisions() if row["person_id"] in control} == {"none"}
    with one.store.read() as uow:
        planned = set(uow.outbox.table("nord", one.world.plan.id, ["person_id"])["person_id"].to_pylist())
    assert planned
    assert not planned & control


def test_s2_23_a_decision_keeps_chosen_and_rejected_options(two: tuple[Running, Running]) -> None:
    one, _ = two
    one.tick(1)
    with one.store.read() as uow:
        versions = uow.batches.lake_versions()
    with one.lake.open(versions) as view:
        options = view.raw("decision_options").to_pyarrow().to_pylist()
    assert options
    assert all(0 <= option["propensity"] <= 1 and option["send_at"] for option in options)
    assert {option["effect_source"] for option in options} == {"assumption:playbook-priors-v1"}


def test_s2_26_a_step_is_planned_at_the_recipients_own_hour(two: tuple[Running, Running]) -> None:
    one, _ = two
    one.tick(1)
    with one.store.read() as uow:
        rows = uow.outbox.table("nord", one.world.plan.id, ["zone", "due_at", "zone_source"]).to_pylist()
    hours = {(row["zone"], datetime.fromtimestamp(row["due_at"] / 1e6, UTC).hour, row["zone_source"]) for row in rows}
    assert hours == {("Europe/Berlin", 9, "person"), ("America/New_York", 15, "person")}


def test_s2_57_s2_58_the_report_reads_both_arms_and_keeps_opens_apart(two: tuple[Running, Running]) -> None:
    """Every second person of the treated arm orders again, and one person of the control group."""
    _, other = two
    plan = other.world.plan
    with other.store.unit_of_work() as uow:
        arms = uow.assignments.arms("nord", plan.holdout.experiment_id).to_pylist()
        facts = Facts()
        treated = [row["person_id"] for row in arms if row["arm"] == "treated"]
        control = [row["person_id"] for row in arms if row["arm"] == "control"]
        for number, person in enumerate([*treated[::2], control[0]]):
            at = LIVE_AT + timedelta(days=20)
            facts.add("orders", at, subject_id=person, shop_id="nord", order_ref=f"again{number}")
        rows = [row | {"fact_id": f"again{n}"} for n, row in enumerate(facts.rows["orders"])]
        version = other.lake.append("orders", pa.Table.from_pylist(rows, LAKE_SCHEMAS["orders"]))
        uow.versions.add({"orders": version}, "more orders", LIVE_AT)
    report = lift_report(other.store, other.lake, "nord", plan.id, LIVE_AT + timedelta(days=100))
    expected = 100 * (len(treated[::2]) / len(treated) - 1 / len(control))
    assert isinstance(report.rpr_difference_pp, Interval)
    assert report.rpr_difference_pp.estimate == pytest.approx(expected)
    assert report.is_final
    for language in ("en", "zh"):
        text, page = render_lift(report, language), render_lift_page(report, language)
        assert "<svg" in page
        share = f"{len(treated[::2]) / len(treated):.1%}"
        assert text.index(share) < text.index("Opens" if language == "en" else "打开")
