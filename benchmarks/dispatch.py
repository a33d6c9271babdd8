"""Messages per second of dispatch to the mailbox folder, beside bare writing of the same bytes."""

import tempfile
import time
from datetime import timedelta
from pathlib import Path

from agent.dispatch import dispatch
from agent.tick import go_live, tick
from memory.domain.clock import ManualClock
from memory.lake.lake import Lake
from memory.store.engine import open_store
from memory.store.tables import metadata
from tests.factories.doing import LIVE_AT, a_world
from tools.channels.mailbox import MailboxSender

from .measure import Figure

KEY = b"a key for benchmarks, 32 bytes.."


def run(short: bool) -> list[Figure]:
    """Give the CPU of a tick's messages handed off, beside writing the same files and nothing else."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = open_store(f"sqlite:///{folder / 'store.db'}")
        metadata.create_all(store.engine)
        lake, clock = Lake(folder / "lake"), ManualClock(LIVE_AT)
        world = a_world(store, lake, 60 if short else 3_000)
        go_live(store, lake, clock, KEY, world.approved)
        started = time.process_time()
        report = tick(store, lake, clock, KEY, "nord", LIVE_AT, seed=1, slot=timedelta(days=2))
        print(f"  tick: {report.n_decisions:,} decisions in {time.process_time() - started:.2f} CPU s")
        clock.set(LIVE_AT + timedelta(days=1, hours=10))
        sender = MailboxSender(folder / "mail", clock)
        wall, cpu = time.perf_counter(), time.process_time()
        sent = dispatch(store, {"email": sender}, clock, KEY, "nord", lake=lake).n_sent
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        bodies = [path.read_bytes() for path in sorted((folder / "mail").rglob("*.eml"))]
        bare = folder / "bare"
        bare.mkdir()
        bare_cpu = time.process_time()
        for number, body in enumerate(bodies):
            draft = bare / f"{number}.tmp"
            draft.write_bytes(body)
            draft.replace(bare / f"{number}.eml")
        bare_cpu = time.process_time() - bare_cpu
        print(f"  dispatch: {sent:,} messages, {sent / wall:,.0f}/s wall, {sent / cpu:,.0f}/s CPU")
        store.close()
    return [Figure(f"CPU for {sent:,} messages", cpu, bare_cpu, "s", "bare writing of the same files")]
