"""How long it takes to stop: from the kill switch to the last hand-off, and from a one-click unsubscribe to its effect.

A dispatcher works through a shop's outbox in a thread of its own, over a sender that takes 5 ms a message, and goes on
whenever it is let; stops and unsubscriptions come in over the API meanwhile. The provider's own journal says what
left, and when. The percentile is that of the samples; of 100 the 99th is the largest but one.
"""

import random
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

from fastapi.testclient import TestClient

from agent.assembly import App, assemble
from agent.dispatch import dispatch
from agent.settings import load_settings
from agent.tick import go_live, tick
from api.http.app import create_api
from memory.domain.clock import ManualClock
from memory.domain.message import HandOff, ProviderKind, Rendered
from tests.factories.doing import LIVE_AT, World, a_world
from tools.channels.memory import MemorySender
from tools.links.unsubscribe import PATH, token

from .measure import Figure

AT = LIVE_AT + timedelta(days=1, hours=10)
TAKES_SECONDS = 0.005
DRAIN_SECONDS = 300
"""How long the dispatcher may take to reach the rest of the outbox: many times what it needs."""
KINDS: tuple[ProviderKind, ...] = ("keyed", "blind")


class _Noting(MemorySender):
    """Takes 5 ms a message and notes when each hand-off began."""

    def __init__(self, clock: ManualClock, kind: ProviderKind) -> None:
        super().__init__(clock)
        self.kind = kind
        self.began: dict[str, float] = {}
        self.latest = 0.0

    def hand_off(self, message: Rendered) -> HandOff:
        self.latest = self.began[message.send_key] = time.monotonic()
        time.sleep(TAKES_SECONDS)
        return super().hand_off(message)


class _Shop:
    """A live shop, its API, and a dispatcher that works in the background."""

    def __init__(self, folder: Path, n_people: int, kind: ProviderKind) -> None:
        self.clock = ManualClock(LIVE_AT)
        self.app: App = assemble(load_settings(home=folder), self.clock)
        self.world: World = a_world(self.app.store, self.app.lake, n_people)
        go_live(self.app.store, self.app.lake, self.clock, self.app.key, self.world.approved)
        tick(self.app.store, self.app.lake, self.clock, self.app.key, "nord", LIVE_AT, seed=1, slot=timedelta(days=2))
        self.clock.set(AT)
        with self.app.store.unit_of_work() as uow:
            self.headers = {
                "authorization": f"Bearer {uow.principals.create_token('ana', AT + timedelta(days=2), at=AT)}"
            }
        self.sender, self.is_over = _Noting(self.clock, kind), Event()
        self.client = TestClient(create_api(self.app))
        self._worker = Thread(target=self._work)

    def _work(self) -> None:
        while not self.is_over.is_set():
            dispatch(self.app.store, {"email": self.sender}, self.clock, self.app.key, "nord")
            time.sleep(0.002)

    def __enter__(self) -> "_Shop":
        self.client.__enter__()  # starts the application as a server does
        self._worker.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self.is_over.set()
        self.turn(is_stopped=True)
        self._worker.join()
        self.client.__exit__(None, None, None)

    def turn(self, *, is_stopped: bool) -> None:
        """Turn the kill switch over the API."""
        answer = self.client.post("/api/switch", json={"is_stopped": is_stopped}, headers=self.headers)
        answer.raise_for_status()

    def waits(self, limit: int = 100_000) -> list[Any]:
        """Give the messages that are still planned, up to a limit."""
        with self.app.store.read() as uow:
            return list(uow.outbox.due("nord", "email", AT, limit, lock=False))

    def finish(self) -> None:
        """Let the dispatcher reach every message that waits and end; raise where it does not in time."""
        until = time.monotonic() + DRAIN_SECONDS
        while self.waits(limit=1):
            if time.monotonic() > until or not self._worker.is_alive():
                raise RuntimeError(f"the dispatcher did not reach every message within {DRAIN_SECONDS} s")
            time.sleep(0.01)
        self.is_over.set()
        self._worker.join()


def run(short: bool) -> list[Figure]:
    """Give the 99th percentiles of both, for a provider that knows keys and one that does not."""
    n_stops, n_leave = (6, 10) if short else (100, 200)
    figures = []
    for kind in KINDS:
        with tempfile.TemporaryDirectory() as name, _Shop(Path(name), 120 if short else 3_000, kind) as shop:
            left, answered = _leave(shop, n_leave)
            bare = _p99(_look(shop, n_leave))
            stopped = _stop(shop, n_stops)
            shop.finish()
            _raise_on_late(shop, answered)
        for what, n, values, goal in (
            ("kill switch to last hand-off", n_stops, stopped, "<= 2 s"),
            ("unsubscribe to effect", n_leave, left, "<= 1 s"),
        ):
            figures.append(Figure(f"{what}, {kind}, p99 of {n}", _p99(values), bare, "s", "GET /health", goal))
    return figures


def _stop(shop: _Shop, n: int) -> list[float]:
    """Stop and go on again; give the seconds from each request to its answer, or to the last hand-off if later."""
    chance, found = random.Random(7), []
    for _ in range(n):
        seen = len(shop.sender.began)
        while len(shop.sender.began) < seen + 2 and shop.waits(limit=1):
            time.sleep(0.001)
        time.sleep(chance.random() * 0.05)
        asked = time.monotonic()
        shop.turn(is_stopped=True)
        answered = time.monotonic()
        time.sleep(0.25)  # whatever still left would have left by then, and would count
        found.append(max(answered, shop.sender.latest) - asked)
        before = len(shop.sender.began)
        time.sleep(0.05)
        if len(shop.sender.began) != before:
            raise RuntimeError("messages still leave a third of a second after the kill switch")
        shop.turn(is_stopped=False)
    return found


def _leave(shop: _Shop, n: int) -> tuple[list[float], dict[str, float]]:
    """Let people leave whose message waits; give the seconds until each had its answer, and its instant per send key.

    Whether nothing left after it is known only when the dispatcher has reached their messages: `_raise_on_late`.
    """
    found: list[float] = []
    answered: dict[str, float] = {}
    rows = shop.waits()
    for row in random.Random(11).sample(rows[len(rows) // 2 :], min(n, len(rows) // 2)):
        asked = time.monotonic()
        path = PATH + token(shop.app.key, "nord", row.person_id, "email", row.send_key)
        shop.client.post(path, data={"List-Unsubscribe": "One-Click"}).raise_for_status()
        answered[row.send_key] = time.monotonic()
        found.append(answered[row.send_key] - asked)
    return found, answered


def _raise_on_late(shop: _Shop, answered: dict[str, float]) -> None:
    late = [key for key, at in answered.items() if shop.sender.began.get(key, 0.0) > at]
    if late:
        raise RuntimeError(f"{len(late)} messages left after their people had unsubscribed")


def _look(shop: _Shop, n: int) -> list[float]:
    """Ask for nothing but a sign of life beside the same dispatcher."""
    found = []
    for _ in range(n):
        asked = time.monotonic()
        shop.client.get("/health").raise_for_status()
        found.append(time.monotonic() - asked)
    return found


def _p99(values: list[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(0.99 * len(values)))]
