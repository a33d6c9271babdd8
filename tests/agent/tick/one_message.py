"""A live plan of which one kind of message matters: people join, the day is decided, messages are handed off."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from agent.dispatch import dispatch
from agent.tick import go_live, tick
from memory.domain.clock import ManualClock
from memory.domain.message import MessageKind
from memory.lake.lake import Lake
from memory.store.engine import Store, open_store
from memory.store.tables import metadata
from memory.store.unit_of_work import UnitOfWork
from tests.factories.doing import LIVE_AT, World, learn
from tests.factories.facts import Facts
from tests.factories.live_world import KEY
from tools.channels.memory import MemorySender

DAY = timedelta(days=1)


class OneMessage:
    """A plan that went live, with first-time buyers among its people."""

    kind: MessageKind
    """The message that matters."""
    day: int
    """The day of the plan on which it is due."""

    def __init__(
        self, folder: Path, make: Callable[[Store, Lake], World], put: Callable[[UnitOfWork], object] = lambda _: None
    ) -> None:
        """Go live with what `make` gives, once `put` has set what the plan needs."""
        self.store = open_store(f"sqlite:///{folder / 'store.db'}")
        metadata.create_all(self.store.engine)
        self.lake, self.clock, self._n_told = Lake(folder / "lake"), ManualClock(LIVE_AT), 0
        self.world = make(self.store, self.lake)
        with self.store.unit_of_work() as uow:
            put(uow)
        go_live(self.store, self.lake, self.clock, KEY, self.world.approved)
        with self.store.read() as uow:
            arms = uow.assignments.arms("nord", self.world.plan.holdout.experiment_id).to_pylist()
        self.treated = {row["person_id"] for row in arms if (row["cohort"], row["arm"]) == ("first_time", "treated")}
        self.sender = MemorySender(self.clock)

    def told(self, table: str, people: list[str], days: float, **values: object) -> None:
        """Let the shop hear of people who joined, or left."""
        facts, at = Facts(), LIVE_AT + days * DAY
        for person in people:
            self._n_told += 1
            facts.add(table, at, shop_id="nord", subject_id=person, **values)
            facts.rows[table][-1]["fact_id"] = f"told{self._n_told}"
        learn(self.store, self.lake, facts, at)

    def tick(self) -> dict[str, str]:
        """Decide the day of the message; give the state of each person's."""
        at = LIVE_AT + self.day * DAY
        self.clock.set(at)
        tick(self.store, self.lake, self.clock, KEY, "nord", at, seed=1, slot=DAY, exploration_rate=0.0)
        return self.states()

    def hand_off(self, *days: float) -> dict[str, str]:
        """Hand messages off at these instants of the plan; give the state of each person's."""
        for one in days:
            self.clock.set(LIVE_AT + one * DAY)
            dispatch(self.store, {"email": self.sender}, self.clock, KEY, "nord", lake=self.lake)
        return self.states()

    def states(self) -> dict[str, str]:
        """Give how each person's message stands, or why there is none."""
        with self.store.read() as uow:
            return {
                person: one.reason or one.state
                for person in self.world.people
                for one in uow.message_history.of("nord", [person])
                if one.message_kind == self.kind
            }
