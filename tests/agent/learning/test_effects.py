"""Learning from a shop's own decisions: from lake and store into the table that its ticks go by."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from agent.learning.effects import came_rates, learn_from_log
from memory.domain.clock import ManualClock
from memory.domain.errors import NotReady
from memory.domain.experiment import Interval
from memory.domain.learned import ShopEffects
from memory.domain.outcome import NotEstimable
from memory.lake.lake import Lake
from memory.store.batches import Batch
from memory.store.engine import Store
from tests.factories.decision_log import BATCH, DECISIONS, Tables, log_of_chance, written
from tests.factories.doing import LIVE_AT, World, a_world
from tests.factories.facts import fact
from tools.timing.response import best_hours

pytestmark = pytest.mark.slow
SENT_AT = LIVE_AT + timedelta(days=30)
NOW = LIVE_AT + timedelta(days=140)


class House:
    """A shop with people, a plan, and a clock that stands long after."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.lake, self.clock = store, Lake(folder / "lake"), ManualClock(NOW)
        self.world: World = a_world(store, self.lake, 10)

    def decide(self, tables: Tables, *, is_named: bool = True) -> None:
        """Write decisions and what came of them, with a batch that names them."""
        with self.store.unit_of_work() as uow:
            before = uow.versions.latest().tables
            made = written(self.lake, tables, before)
            facts = {name: number for name, number in made.items() if name not in DECISIONS}
            uow.versions.add(before | facts, "what came of it", NOW)
            if is_named:
                uow.batches.add(
                    Batch(batch_id=BATCH, shop_id="nord", slot_at=SENT_AT, covers_until=SENT_AT,
                          lake_versions={name: made[name] for name in DECISIONS}, content_hash="x", n_decisions=1,
                          report={})
                )  # fmt: skip

    def learn(self) -> ShopEffects:
        return learn_from_log(self.store, self.lake, self.clock, "nord", "mia")

    def log(self, n: int, good: float, bad: float, **changes: Any) -> Tables:
        def law(candidate: dict[str, Any]) -> float:
            return good if candidate["n_promotional"] < 4 else bad

        return log_of_chance(n, SENT_AT, law, plan_id=self.world.plan.id, **changes)


@pytest.fixture
def house(store: Store, tmp_path: Path) -> House:
    return House(store, tmp_path)


def test_what_chance_decided_becomes_a_table_that_ticks_go_by(house: House) -> None:
    house.decide(house.log(1_500, 0.3, -0.1))
    found = house.learn()
    [kind] = found.kinds
    assert kind.is_used
    assert isinstance(kind.average, Interval)
    assert 0.0 < kind.average.low < kind.average.high < 0.25
    assert found.label == f"learned:v{found.data_version} over assumption:playbook-priors-v1"
    with house.store.read() as uow:
        assert uow.effects.get("nord") == found
        head = uow.audit.head()
    assert head is not None
    assert (head.action, head.subject) == ("effects.learn", "shop:nord")


def test_decisions_that_came_count_against_the_messages_that_were_planned(house: House) -> None:
    step = next(step for step in house.world.plan.steps() if step.owner == "us" and step.expected_reach > 1)
    rows = pa.table({"plan_id": [house.world.plan.id] * 2, "message_kind": [step.kind] * 2})
    of_kind = [one for one in house.world.plan.steps() if one.kind == step.kind and one.owner == "us"]
    later = max(one.due_on for one in of_kind) + timedelta(days=1)
    planned = sum(one.expected_reach for one in of_kind)
    assert came_rates(rows, [house.world.plan], later) == {step.kind: min(2 / planned, 1.0)}
    assert came_rates(rows, [house.world.plan], min(one.due_on for one in of_kind)) == {}, "nothing was due yet"


def test_the_same_log_teaches_the_same(house: House) -> None:
    house.decide(house.log(500, 0.2, 0.1))
    assert house.learn() == house.learn()


def test_a_message_that_does_nothing_is_not_used(house: House) -> None:
    house.decide(house.log(1_000, 0.0, 0.0))
    [kind] = house.learn().kinds
    assert not kind.is_used


def test_few_decisions_are_refused(house: House) -> None:
    house.decide(house.log(100, 0.3, 0.3))
    [kind] = house.learn().kinds
    assert isinstance(kind.average, NotEstimable)
    assert kind.average.code == "low_ess"


def test_a_shop_that_never_decided_is_told_so(house: House) -> None:
    house.decide(house.log(50, 0.3, 0.3), is_named=False)
    with pytest.raises(NotReady, match="no plan of it has run yet"):
        house.learn()


def test_hours_that_chance_drew_are_learned_with_the_rest_and_kept(house: House) -> None:
    """The law sells more in the evening; what the tick then goes by is in the store."""
    tables = house.log(2_500, 0.0, 0.0)
    for number, (decision, option) in enumerate(zip(tables["decisions"], tables["decision_options"], strict=True)):
        evening = number // 2 % 2 * 3
        decision |= {"step_id": "vip.cross_sell", "hour_no": evening, "hour_propensity": 0.5, "hour_choices": [0, 3]}
        option["send_at"] = SENT_AT
        if number % (3 if evening else 21) == 0:
            at, person = SENT_AT + timedelta(days=2), decision["person_id"]
            tables["orders"].append(fact("orders", 10**7 + number, at, subject_id=person, shop_id="nord"))
    house.decide(tables)
    found = house.learn().responses
    assert {(one.channel, one.hour_no, one.against) for one in found} == {("email", 3, "")}
    assert best_hours(found) == {"first_time:email": 3, "vip:email": 3}
    with house.store.read() as uow:
        kept = uow.effects.get("nord")
    assert kept is not None and kept.responses == found
