"""What a provider that drips costs another channel: mails beside a slow push channel, and mails alone (A6)."""

import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from agent.dispatch import dispatch
from agent.tick import go_live, tick
from memory.domain.clock import ManualClock
from memory.domain.message import HandOff, Rendered
from memory.lake.lake import Lake
from memory.store.engine import open_store
from memory.store.tables import metadata
from tests.factories.doing import LIVE_AT, a_world
from tools.channels.memory import MemorySender

from .measure import Figure

KEY = b"a key for benchmarks, 32 bytes.."


class _Dripping(MemorySender):
    """Takes a message and half a second."""

    name = "dripping"

    def hand_off(self, message: Rendered) -> HandOff:
        time.sleep(0.5)
        return super().hand_off(message)


class _Timed(MemorySender):
    """Notes when it took its last message."""

    last = 0.0

    def hand_off(self, message: Rendered) -> HandOff:
        self.last = time.perf_counter()
        return super().hand_off(message)


def run(short: bool) -> list[Figure]:
    """Give the seconds until the last mail, beside a slow channel and alone; the slow one works all the while."""
    n, rounds = (300, 1) if short else (1_200, 4)
    taken: dict[Any, list[float]] = {None: [], _Dripping: []}
    n_mails = 0
    for _ in range(rounds):  # in turns, and the least of each: a busy machine slows both
        for slow, found in taken.items():
            seconds, n_mails = _seconds(n, slow)
            found.append(seconds)
    beside, alone = min(taken[_Dripping]), min(taken[None])
    return [Figure(f"{n_mails:,} mails beside a slow channel", beside, alone, "s", "the same mails alone")]


def _seconds(n: int, slow: Any) -> tuple[float, int]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = open_store(f"sqlite:///{folder / 'store.db'}")
        metadata.create_all(store.engine)
        lake, clock = Lake(folder / "lake"), ManualClock(LIVE_AT)
        world = a_world(store, lake, n)
        go_live(store, lake, clock, KEY, world.approved)
        tick(store, lake, clock, KEY, "nord", LIVE_AT, seed=1, slot=timedelta(days=2))
        clock.set(LIVE_AT + timedelta(days=1, hours=10))
        with store.unit_of_work() as uow:
            rows = uow.outbox.due("nord", "email", clock.now(), 60)
            uow.outbox.plan(
                [dict(row._mapping) | {"send_key": f"p{i}", "channel": "push"} for i, row in enumerate(rows)]
            )
            for row in rows:
                uow.person_state.set_consent("nord", row.person_id, "push", True)
            uow.session.connection().exec_driver_sql("UPDATE contact SET push_token = 't'")
        mail, started = _Timed(clock), time.perf_counter()
        channels: dict[Any, Any] = {"email": mail} | ({"push": slow(clock)} if slow else {})
        dispatch(store, channels, clock, KEY, "nord")
        store.close()
        return mail.last - started, len(mail.messages)
