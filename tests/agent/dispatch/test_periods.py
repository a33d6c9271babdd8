"""While its approver is away a plan keeps the reach and cost of the period; what goes beyond waits for its end."""

from datetime import timedelta
from pathlib import Path

import pytest

from agent.approval.periods import digest_of, grant_period, revoke_period
from agent.dispatch import dispatch
from agent.tick import go_live, tick
from memory.domain.clock import ManualClock
from memory.domain.money import Money
from memory.domain.pre_approval import PeriodLimits, PreApproval
from memory.lake.lake import Lake
from memory.store.engine import open_store
from memory.store.tables import metadata
from tests.factories.approvals import person
from tests.factories.doing import LIVE_AT, a_world
from tools.channels.memory import MemorySender

pytestmark = pytest.mark.slow
KEY = b"a key for tests only, 32 bytes.."
DAY = timedelta(days=1)


class Away:
    """A live plan whose first messages are due, and an approver who leaves."""

    def __init__(self, folder: Path) -> None:
        self.store = open_store(f"sqlite:///{folder / 'store.db'}")
        metadata.create_all(self.store.engine)
        self.lake, self.clock = Lake(folder / "lake"), ManualClock(LIVE_AT)
        self.world = a_world(self.store, self.lake, 40)
        with self.store.unit_of_work() as uow:
            uow.principals.add(person("dan", "viewer"), LIVE_AT, "system")
        go_live(self.store, self.lake, self.clock, KEY, self.world.approved)
        self.clock.set(LIVE_AT + DAY)
        tick(self.store, self.lake, self.clock, KEY, "nord", LIVE_AT + DAY, seed=1, slot=DAY, exploration_rate=0.0)
        self.sender = MemorySender(self.clock)

    def leave(self, reach: int = 1_000, cost: int = 100_000) -> PreApproval:
        limits = PeriodLimits(max_reach=reach, max_cost=Money(amount_minor=cost, currency="EUR"))
        now = self.clock.now()
        with self.store.unit_of_work() as uow:
            ana = uow.principals.get("ana")
            plan_id = self.world.plan.id
            return grant_period(uow, ana, plan_id, "Spring Festival", now - DAY, now + DAY, limits, "dan", now)

    def dispatch(self, days: float) -> dict[str, int]:
        self.clock.set(LIVE_AT + days * DAY)
        report = dispatch(self.store, {"email": self.sender}, self.clock, KEY, "nord", lake=self.lake)
        return dict(report.held)

    def reached(self) -> set[str]:
        return {message.to for message in self.sender.messages.values()}


def test_no_more_people_than_the_period_allows_are_written_to_before_it_ends(tmp_path: Path) -> None:
    away = Away(tmp_path)
    period = away.leave(reach=3)
    held = away.dispatch(1.4)
    assert len(away.reached()) == 3 and held["period_limit"] > 0
    with away.store.read() as uow:
        digest = digest_of(uow, period, away.clock.now())
    assert (digest.n_reached, digest.n_of("sent")) == (3, 3) and digest.n_of("planned") > 0
    away.dispatch(1.45)
    assert len(away.reached()) == 3
    away.dispatch(2.4)  # it is over
    assert len(away.reached()) > 3


def test_no_more_is_spent_than_the_period_allows_and_without_one_nothing_is_held(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    free, bound = Away(tmp_path / "a"), Away(tmp_path / "b")
    assert "period_limit" not in free.dispatch(1.4) and len(free.reached()) > 5
    with free.store.read() as uow:
        each = uow.pre_approvals.done([free.world.plan.id], LIVE_AT).cost_millis / len(free.sender.messages)
    bound.leave(cost=1)
    bound.dispatch(1.4)
    assert len(bound.sender.messages) == int(1_000 // each) < len(free.sender.messages)


def test_a_revoked_period_holds_nothing_any_more(tmp_path: Path) -> None:
    away = Away(tmp_path)
    period = away.leave(reach=1)
    with away.store.unit_of_work() as uow:
        revoke_period(uow, uow.principals.get("ana"), period.id, away.clock.now())
    assert "period_limit" not in away.dispatch(1.4) and len(away.reached()) > 1
