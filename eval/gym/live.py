"""Ninety days in simulated time: tick, dispatch into the mailbox, let people react, import what they did."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import pyarrow as pa

from memory.domain.plan import Plan
from memory.store.instants import to_micros

from .installation import MARKETER, Installation
from .responses import DayOutcome, Responses
from .sent import handed_off, terms_of
from .world import World

if TYPE_CHECKING:
    from agent.dispatch.report import DispatchReport
    from agent.tick.report import TickReport

N_DAYS = 90
EXPLORATION_RATE = 0.05
"""Share of decisions the product leaves to chance, as `agent.tick` does."""
HOURS_OF_DISPATCH = (2, 10, 16, 21)
"""Hours of the shop's day at which the outbox is drained; markets lie in several zones."""


class LiveRun(NamedTuple):
    """What ninety days did."""

    responses: Responses
    """The people, both worlds of them."""
    n_sent: int
    """Messages handed off."""
    suppressed: Counter[str]
    """Messages that ended before a hand-off, per reason."""
    blocked: Counter[str]
    """Options refused by guardrails when decisions were made, per reason; one option may have several."""
    n_decisions: int
    """Decisions made, the control group's included."""
    chosen: Counter[str]
    """The same per reason: best value, explored, control, guardrail and others."""
    n_imported: int
    """Files imported."""
    worst_gap_rate: float
    """Largest distance of a slot's choice from the best one."""


def run_days(
    installation: Installation,
    world: World,
    plan: Plan,
    people: list[str],
    *,
    stride: int,
    advance: Callable[[], None] = lambda: None,
    exploration_rate: float = EXPLORATION_RATE,
    sends: bool = True,
    n_days: int = N_DAYS,
) -> LiveRun:
    """Live through the first `n_days` and import everything; `people` are the world's person ids by position.

    Every `stride` days a tick decides what falls due until the next one, and what people did is imported; the
    outbox is drained several times a day. The messages of a day are read on the next; `advance` is called after
    each day. `exploration_rate` is the share of decisions left to chance; without `sends` the outbox is never drained.
    """
    run = _Run(installation, world, plan, people, exploration_rate)
    for day in range(n_days):
        if day % stride == 0:
            run.import_days()
            run.tick(day, min(stride, n_days - day))
        run.live(day, sends=sends)
        advance()
    run.import_days()
    run.close(n_days)
    return run.result()


class _Run:
    """The state of one run."""

    def __init__(
        self, installation: Installation, world: World, plan: Plan, people: list[str], exploration_rate: float
    ) -> None:
        self._of, self._world, self._plan, self._people = installation, world, plan, people
        self._rate = exploration_rate
        self._responses = Responses(world.start, terms_of(plan, world.shop, world.money_scale))
        self._waiting: list[DayOutcome] = []
        self._folder: Path = installation.app.settings.home / "files" / "days"
        self._yesterday: pa.Table | None = None
        self._ticks: list[TickReport] = []
        self._dispatched: list[DispatchReport] = []
        self._n_imported = 0

    def at(self, day: int, hour: int = 0) -> datetime:
        midnight = datetime.combine(self._world.anchor_on, datetime.min.time(), ZoneInfo(self._world.shop.zone))
        return midnight + timedelta(days=day, hours=hour)

    def tick(self, day: int, n_days: int) -> None:
        """Decide what falls due in the next days."""
        from agent.tick import tick

        app, start = self._of.app, max(self.at(day), self._world.opens_at())
        self._of.clock.set(start)
        seed, slot = self._world.start.seed + day, self.at(day + n_days) - start
        shop_id = self._world.shop.shop_id
        self._ticks.append(
            tick(
                app.store, app.lake, self._of.clock, app.key, shop_id, start,
                seed=seed, slot=slot, exploration_rate=self._rate,
            )
        )  # fmt: skip

    def live(self, day: int, *, sends: bool) -> None:
        """Drain the outbox through the day, and let people do what they do."""
        n_sent = sum(self._drain(self.at(day, hour)) for hour in HOURS_OF_DISPATCH) if sends else 0
        outcome = self._responses.step(self._yesterday) if self._yesterday is not None else self._responses.step()
        self._waiting.append(outcome)
        self._yesterday = self._sent(day) if n_sent else None

    def _drain(self, at: datetime) -> int:
        from agent.dispatch import dispatch

        app, shop_id = self._of.app, self._world.shop.shop_id
        self._of.clock.set(at)
        with app.store.read() as uow:
            due = uow.outbox.next_due(shop_id)
        if due is None or due > to_micros(at):
            return 0
        report = dispatch(app.store, app.channels, self._of.clock, app.key, shop_id, lake=app.lake)
        self._dispatched.append(report)
        return report.n_sent

    def import_days(self) -> None:
        """Import the days that have passed since the last import, at the evening of the latest."""
        from tools.ingest import import_file

        if not self._waiting:
            return
        app, clock = self._of.app, self._of.clock
        clock.set(self.at(self._waiting[-1].day - self._world.start.day + 1) - timedelta(minutes=5))
        for kind, path in self._world.write(self._folder, self._waiting):
            shop_id = self._world.shop.shop_id
            import_file(app.store, app.lake, shop_id, kind, path, clock=clock, key=app.key, principal_id=MARKETER)
            self._n_imported += 1
        self._waiting = []

    def close(self, n_days: int) -> None:
        """Move to the moment after the last day."""
        self._of.clock.set(self.at(n_days + 1))

    def result(self) -> LiveRun:
        return LiveRun(
            responses=self._responses,
            n_sent=sum(report.n_sent for report in self._dispatched),
            suppressed=_summed(report.suppressed for report in self._dispatched),
            blocked=_summed(report.blocked for report in self._ticks),
            n_decisions=sum(report.n_decisions for report in self._ticks),
            chosen=_summed(report.chosen for report in self._ticks),
            n_imported=self._n_imported,
            worst_gap_rate=max(report.gap_rate for report in self._ticks),
        )

    def _sent(self, day: int) -> pa.Table:
        return handed_off(self._of.app.store, self._plan.id, self._people, self.at(day), self.at(day + 1))


def _summed(counts: Iterable[Mapping[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return total
