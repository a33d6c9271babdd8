"""Learning from the store: once, when the window is over and settled; into store, recall and the next plan."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from agent.learning import learning
from agent.learning.learning import learn, learn_due
from agent.planning.context import gather
from agent.planning.playbook import PlaybookPlanner
from agent.reports.lift_model import PlanLift
from agent.tick import go_live
from memory.domain.clock import ManualClock
from memory.domain.errors import NotReady
from memory.domain.plan import Plan
from memory.lake.lake import Lake
from memory.recall.embedder import HashingEmbedder
from memory.recall.notes import Recall
from memory.store.engine import Store
from tests.factories.doing import LIVE_AT, World, a_world
from tests.factories.doing import learn as know
from tests.factories.facts import Facts
from tests.factories.lessons import a_lesson

pytestmark = pytest.mark.slow
KEY = b"a key for tests only, 32 bytes.."
OVER = LIVE_AT + timedelta(days=100)


class House:
    """A plan that went live, its clock and its recall."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.lake, self.clock = store, Lake(folder / "lake"), ManualClock(LIVE_AT)
        self.world: World = a_world(store, self.lake, 40)
        self.recall = Recall(folder / "recall", HashingEmbedder())
        go_live(store, self.lake, self.clock, KEY, self.world.approved)

    def learn(self) -> learning.Learned:
        return learn(self.store, self.lake, self.recall, self.clock, "nord", self.world.plan.id)

    def learn_due(self) -> tuple[learning.Learned, ...]:
        return learn_due(self.store, self.lake, self.recall, self.clock, "nord")

    def hears_of_the_end(self) -> None:
        """Facts that reach past the window become known."""
        facts = Facts()
        facts.add("orders", OVER, subject_id=self.world.people[0], shop_id="nord", market="DE")
        know(self.store, self.lake, facts, OVER)


@pytest.fixture
def house(store: Store, tmp_path: Path) -> Iterator[House]:
    made = House(store, tmp_path)
    yield made
    made.recall.close()


def test_while_the_window_is_open_there_is_nothing_to_learn(house: House) -> None:
    with pytest.raises(NotReady, match="window runs until 2027-03-01"):
        house.learn()
    assert house.learn_due() == ()


def test_a_plan_is_read_once_its_window_is_over_settled_and_known_of(house: House) -> None:
    house.clock.set(OVER)
    assert house.learn_due() == (), "no facts reach that far"
    house.hears_of_the_end()
    [found] = house.learn_due()
    assert found.plan_id == house.world.plan.id
    assert found.lessons == () and "buyers" in found.unread[0], "forty people show nothing"
    assert house.learn_due() == (), "it is done, also where it taught nothing"
    assert house.recall.all("nord") == ()


def test_lessons_go_to_store_and_recall_and_into_the_next_plan(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = house.world.plan
    house.clock.set(OVER)
    before = gather(house.store, house.lake, "nord", plan.brief, as_of=OVER)
    told = [a_lesson(0.3, 0.05, plan_id=plan.id), a_lesson(0.3, 0.05, plan_id=plan.id, scope="cohort", part_id="vip")]

    def taught(given: Plan, report: PlanLift, *_: object) -> learning.Learned:
        assert (given.id, report.plan_id, report.is_final) == (plan.id, plan.id, True)
        return learning.Learned(plan_id=plan.id, lessons=tuple(told))

    monkeypatch.setattr(learning, "lessons_from", taught)
    house.learn()
    notes = house.recall.all("nord", "lesson")
    assert [(one.id, one.approved_by) for one in notes] == [(one.id, "measurement") for one in told]
    after = gather(house.store, house.lake, "nord", plan.brief, as_of=OVER)
    assert (before.lessons, after.lessons) == ((), tuple(told))
    first, second = (PlaybookPlanner().plan(plan.brief, each) for each in (before, after))
    assert isinstance(first, Plan) and isinstance(second, Plan)
    assert (first.effects, first.forecast.source) == ((), "assumption:playbook-priors-v1")
    assert second.effects and second.forecast.source == "measured:1 plans over assumption:playbook-priors-v1"
    del told[1]
    house.learn()
    assert [one.id for one in house.recall.all("nord")] == [told[0].id], "what newer facts do not say is forgotten"
