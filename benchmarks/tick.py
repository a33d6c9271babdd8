"""A whole tick in a shop of a million: from due steps to the outbox, with the share of each stage."""

import json
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import agent.tick.run as ticking
from agent.tick.run import Run, tick
from eval.faults.big_shop import make_big_shop
from eval.gym.installation import open_home
from memory.domain.clock import ManualClock

from .measure import Figure, contend, measure, n_people

STAGES: dict[tuple[Any, str], str] = {
    (ticking, "frozen_people"): "people",
    (ticking, "know"): "store",
    (ticking, "wishes"): "choices and risk bands",
    (Run, "_read"): "candidates",
    (ticking, "judge"): "guardrails, choice, certificates",
    (ticking, "keep"): "inputs kept for replays",
    (Run, "append"): "lake",
    (Run, "plan"): "outbox",
}
"""What is timed, by where it is looked up; one stage never calls another."""


PEER = "bare inserts of its messages"


def run(short: bool) -> list[Figure]:
    """Give CPU and clock seconds and the largest memory of one tick, and how they are spent."""
    n = n_people(short)
    with tempfile.TemporaryDirectory(prefix="second-order-tick-") as folder:
        measure("benchmarks.tick", "make", str(n), folder)
        made = measure("benchmarks.tick", "tick", str(n), folder)
        bare = measure("benchmarks.tick", "bare", str(n), folder)
    found = json.loads(made.result)
    print(f"  {found['n_decisions']:,} decisions, {found['n_planned']:,} messages planned")
    spent = found["stages"] | {"rest": round(made.cpu_seconds - sum(found["stages"].values()), 2)}
    for stage, seconds in spent.items():
        print(f"  {stage:34} {seconds:8.2f} CPU s  {seconds / made.cpu_seconds:6.1%}")
    return [
        Figure("CPU of the tick", made.cpu_seconds, bare.cpu_seconds, "s", PEER),
        Figure("clock", made.wall_seconds, bare.wall_seconds, "s", PEER),
        Figure("peak memory", made.peak_mb, bare.peak_mb, "MB", PEER),
    ]


def make(n: str, folder: str) -> str:
    """Build the shop with its live plan."""
    home = Path(folder) / "home"
    shutil.rmtree(home, ignore_errors=True)
    shop = make_big_shop(home, int(n), 10)
    (Path(folder) / "at.json").write_text(json.dumps([shop.plan.shop_id, shop.of.clock.now().isoformat()]))
    shop.of.app.close()
    return ""


def decide(n: str, folder: str) -> str:
    """Tick once, over the first two days of the plan, with each stage timed."""
    shop_id, at = json.loads((Path(folder) / "at.json").read_text())
    clock = ManualClock(datetime.fromisoformat(at))
    app = open_home(Path(folder) / "home", clock)
    spent: dict[str, float] = dict.fromkeys(STAGES.values(), 0.0)
    with ExitStack() as stack:
        for (owner, name), stage in STAGES.items():
            stack.enter_context(patch.object(owner, name, _timed(getattr(owner, name), stage, spent)))
        report = tick(app.store, app.lake, clock, app.key, shop_id, clock.now(), seed=1, slot=timedelta(days=2))
    app.close()
    return json.dumps({"n_decisions": report.n_decisions, "n_planned": report.n_planned, "stages": spent})


def bare(n: str, folder: str) -> str:
    """Read the outbox rows the tick made and insert them into a database of their own, with sqlite3 alone."""
    source = sqlite3.connect(Path(folder) / "home" / "secondorder.db")
    rows = source.execute("SELECT * FROM outbox").fetchall()
    [schema] = source.execute("SELECT sql FROM sqlite_master WHERE name = 'outbox' AND type = 'table'").fetchone()
    with sqlite3.connect(Path(folder) / "bare.db") as target:
        target.execute(schema)
        target.executemany(f"INSERT INTO outbox VALUES ({','.join('?' * len(rows[0]))})", rows)
    return str(len(rows))


def _timed(function: Callable[..., Any], stage: str, spent: dict[str, float]) -> Callable[..., Any]:
    def timed(*given: Any, **named: Any) -> Any:
        began = time.process_time()
        try:
            return function(*given, **named)
        finally:
            spent[stage] += round(time.process_time() - began, 3)

    return timed


if __name__ == "__main__":
    contend({"make": make, "tick": decide, "bare": bare})
