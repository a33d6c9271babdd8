"""CPU of ticks with the SQL of expressions remembered, beside ticks that have Ibis compile each expression."""

import tempfile
import time
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from agent.tick import go_live, tick
from memory.domain.clock import ManualClock
from memory.lake.compiled import Compiled
from memory.lake.lake import Lake
from memory.store.engine import open_store
from memory.store.tables import metadata
from tests.factories.doing import LIVE_AT, a_world

from .measure import Figure

KEY = b"a key for benchmarks, 32 bytes.."


def run(short: bool) -> list[Figure]:
    """Give the CPU of the ticks of successive days; the first day, which compiles either way, is not counted."""
    n_days = 4 if short else 14
    with patch.object(Compiled, "sql", lambda self, expr: self._compile(expr)):
        bare = _ticks(n_days)
    return [Figure(f"CPU of {n_days - 1} ticks", _ticks(n_days), bare, "s", "each expression compiled by Ibis")]


def _ticks(n_days: int) -> float:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = open_store(f"sqlite:///{folder / 'store.db'}")
        metadata.create_all(store.engine)
        lake, clock = Lake(folder / "lake"), ManualClock(LIVE_AT)
        world = a_world(store, lake, 300)
        go_live(store, lake, clock, KEY, world.approved)
        started = 0.0
        for day in range(n_days):
            if day == 1:
                started = time.process_time()
            tick(store, lake, clock, KEY, "nord", LIVE_AT + timedelta(days=day), seed=1, slot=timedelta(days=1))
        taken = time.process_time() - started
        store.close()
    return taken
