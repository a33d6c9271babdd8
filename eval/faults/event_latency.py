"""From an event to its decision in a shop with very many customers (S2-03): percentiles of wall-clock seconds.

    python -m eval.faults.event_latency --customers 1000000 --events 300 --rate 5

A sender hands in deliveries (parcels that arrived) at a steady rate, each about another person; the worker rehearses,
then flushes and decides in a loop, as `secondorder intake run` does. An event's time runs from its receipt in the
inbox to the commit that holds its decision and its outbox row.
"""

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from agent.trigger import decide_triggers, rehearse
from memory.domain.canonical import canonical_json
from tools.live import accept, flush

from .big_shop import BigShop, make_big_shop

BUDGET_SECONDS = 5.0


@dataclass(frozen=True)
class Result:
    """What was measured."""

    n_customers: int
    """Customers of the shop."""
    n_events: int
    """Events handed in."""
    n_decided: int
    """Events whose decision was committed."""
    n_planned: int
    """Messages planned."""
    p50: float
    """Median of seconds from receipt to decision."""
    p95: float
    """95th percentile."""
    worst: float
    """The slowest."""

    @property
    def holds(self) -> bool:
        """Say whether every event was decided, and the 95th percentile within the budget."""
        return self.n_decided == self.n_events and self.p95 <= BUDGET_SECONDS


class RunningClock:
    """Real time, counted from the shop's own present."""

    def __init__(self, start: datetime) -> None:
        """Begin at `start`."""
        self._start, self._began = start, time.monotonic()

    def now(self) -> datetime:
        """Give the shop's present."""
        return self._start + timedelta(seconds=time.monotonic() - self._began)


def run(n: int, seed: int = 7, *, n_events: int = 300, rate: float = 5.0, home: Path | None = None) -> Result:
    """Measure in a shop of `n` customers."""
    with tempfile.TemporaryDirectory(prefix="second-order-latency-") as folder:
        shop = make_big_shop(home or Path(folder) / "home", n, n_events, seed)
        try:
            return _measure(shop, n, rate)
        finally:
            shop.of.app.close()


def _measure(shop: BigShop, n: int, rate: float) -> Result:
    app, shop_id = shop.of.app, shop.plan.shop_id
    clock = RunningClock(shop.of.clock.now() + timedelta(days=1))
    rehearse(app.store, app.lake, clock, app.key, shop_id)
    began = clock.now()
    sender = threading.Thread(target=_send, args=(shop, clock, rate))
    sender.start()
    n_planned = 0
    while sender.is_alive() or _waits(shop, clock):
        flushed = flush(app.store, app.lake, shop_id, clock=clock, key=app.key)
        decided = decide_triggers(app.store, app.lake, clock, app.key, shop_id, exploration_rate=0)
        n_planned += decided.n_planned
        if not flushed.n_deliveries:
            time.sleep(0.05)
    sender.join()
    with app.store.read() as uow:
        found = sorted(micros / 1e6 for micros in uow.triggers.latencies(shop_id, began))
    return Result(n, len(shop.active), len(found), n_planned, _at(found, 0.5), _at(found, 0.95), _at(found, 1.0))


def _send(shop: BigShop, clock: RunningClock, rate: float) -> None:
    app = shop.of.app
    for number, customer in enumerate(shop.active):
        at = clock.now()
        event: dict[str, Any] = {"id": f"latency-{number}", "at": at.isoformat(), "kind": "delivery"}
        body = canonical_json({"events": [{**event, "customer_id": customer}]})
        with app.store.unit_of_work(durable=True) as uow:
            accept(uow, app.key, shop.plan.shop_id, "events", "events", "", body, at=at)
        time.sleep(1 / rate)


def _waits(shop: BigShop, clock: RunningClock) -> bool:
    with shop.of.app.store.read() as uow:
        return bool(uow.inbox.waiting(shop.plan.shop_id, clock.now(), 1))


def _at(values: list[float], share: float) -> float:
    return round(values[min(len(values) - 1, int(share * len(values)))], 3) if values else 0.0


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and fail where the budget is broken."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--events", type=int, default=300)
    parser.add_argument("--rate", type=float, default=5.0, help="events a second")
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args(arguments)
    found = run(given.customers, given.seed, n_events=given.events, rate=given.rate)
    sys.stdout.write(
        f"{found.n_customers:,} customers: {found.n_decided} of {found.n_events} events decided, "
        f"{found.n_planned} messages; p50 {found.p50:.2f} s, p95 {found.p95:.2f} s, worst {found.worst:.2f} s "
        f"(budget p95 {BUDGET_SECONDS:.0f} s)\n"
    )
    return 0 if found.holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
