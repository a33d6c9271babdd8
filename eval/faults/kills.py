"""SIGKILL at every fault point: `python -m eval.faults.kills --kills 1000 --provider keyed|blind`.

The real dispatcher runs in a process forked from this one, which has loaded everything and holds no connection; it is
killed at K0-K9 or from outside at a random instant, its lease is let run out, and the next one goes on. Once the outbox
is drained the judge compares the provider's journal with the store, and a fresh copy follows. K10-K12 are killed while
an approval commits, a schedule fires, and a migration commits.
"""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from agent.dispatch import dispatch
from memory import faults
from memory.domain.base import Count
from memory.domain.clock import ManualClock
from memory.domain.message import ProviderKind
from memory.store.engine import Store, open_store
from tools.channels.memory import MemorySender

from .commits import COMMIT_POINTS, kill_commits
from .oracle import Totals, Verdict, judge, totals_of
from .planted import PLANTED, plant
from .provider import LoopbackSender, serving
from .waiting import Template, fresh_copy, make_template

DISPATCH_POINTS = tuple(f"K{number}" for number in range(10))
RANDOM = "random"
LEASE_OVER = timedelta(minutes=3)


class KillReport(Totals):
    """What so many kills did."""

    provider: str
    """Keyed or blind."""
    seed: Count
    """Repeats the same choices."""
    n_kills: Count
    """Processes killed."""
    kills: dict[str, Count]
    """The same per fault point."""
    n_rounds: Count
    """Outboxes drained."""
    n_wrong_commits: Count
    """Approvals, slots or migrations that were lost or happened twice."""
    seconds: float
    """How long it took."""

    @property
    def is_good(self) -> bool:
        """Say whether every figure that must be zero is."""
        return not (self.n_doubled or self.n_lost or self.n_unlisted or self.n_wrong_commits)


def kill_many(
    template: Template, folder: Path, n_kills: int, kind: ProviderKind, seed: int = 7, planted: str = ""
) -> KillReport:
    """Kill `n_kills` processes spread over all points and judge each drained outbox."""
    began, dice = time.monotonic(), random.Random(seed)  # noqa: S311  repeatable choices, no secret
    per_commit = 0 if planted else n_kills // (len(DISPATCH_POINTS) + 1 + len(COMMIT_POINTS))
    wanted = n_kills - per_commit * len(COMMIT_POINTS)
    kills: Counter[str] = Counter(dict.fromkeys((*DISPATCH_POINTS, RANDOM), 0))
    tried: Counter[str] = Counter()
    verdicts: list[Verdict] = []
    warm_up(template, folder)
    while sum(kills.values()) < wanted:
        verdicts.append(_drain(template, folder, kind, (kills, tried), wanted, dice, planted))
    commits = [kill_commits(point, template, folder, per_commit) for point in COMMIT_POINTS if per_commit]
    for point in COMMIT_POINTS if per_commit else ():
        kills[point] = per_commit
    return KillReport(
        provider=kind,
        seed=seed,
        n_kills=sum(kills.values()),
        kills=dict(kills),
        n_rounds=len(verdicts),
        **totals_of(verdicts),
        n_wrong_commits=sum(commits),
        seconds=round(time.monotonic() - began, 1),
    )


def warm_up(template: Template, folder: Path) -> None:
    """Dispatch once in this process, so that children are forked with everything loaded; no connection stays open."""
    store, clock = open_store(fresh_copy(template, folder / "warm.db")), ManualClock(template.at)
    dispatch(store, {"email": MemorySender(clock)}, clock, template.key, template.shop_id)
    store.close()


def _drain(
    template: Template, folder: Path, kind: ProviderKind, counts: tuple[Counter[str], Counter[str]], wanted: int,
    dice: random.Random, planted: str,
) -> Verdict:  # fmt: skip
    """Empty one outbox under fire; a point that a planted bug never comes to is tried less and less."""
    kills, tried = counts
    journal = folder / "journal"
    url, at = fresh_copy(template, folder / "round.db"), template.at
    journal.unlink(missing_ok=True)
    with serving(journal) as port:
        while True:
            is_enough = sum(kills.values()) >= wanted
            point = "" if is_enough else min(kills, key=lambda name: (kills[name] + tried[name] / 2, dice.random()))
            tried[point] += 1
            fate = _worker(url, port, kind, template, at, point, dice, planted)
            if fate and point:
                kills[point] += 1
            elif not point or not _waits(url, template, at):
                return judge(url, journal, kind, at)
            at += LEASE_OVER


def _worker(
    url: str, port: int, kind: ProviderKind, template: Template, at: datetime, point: str, dice: random.Random,
    planted: str,
) -> bool:  # fmt: skip
    """Run the real dispatcher in a child; say whether it was killed."""
    nth = dice.randint(1, 5) if point in {"K1", "K2", "K3", "K4", "K5", "K6"} else 1
    child = os.fork()
    if child == 0:
        _dispatch_and_leave(
            url, port, kind, template, at, "" if point == RANDOM else point and f"{point}:{nth}", planted
        )
    if point == RANDOM:
        time.sleep(dice.uniform(0.02, 0.2))
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) != 0:
        raise RuntimeError(f"the worker failed at {point or 'no point'}")
    return os.WIFSIGNALED(status)


def _dispatch_and_leave(
    url: str, port: int, kind: ProviderKind, template: Template, at: datetime, points: str, planted: str
) -> None:
    code = 1
    try:
        faults.arm(points, "test")
        if planted:
            plant(planted)
        clock = ManualClock(at)
        channels = {"email": LoopbackSender(port, kind, clock)}
        dispatch(open_store(url), channels, clock, template.key, template.shop_id)  # type: ignore[arg-type]
        code = 0
    finally:
        os._exit(code)


def _waits(url: str, template: Template, at: datetime) -> bool:
    """Say whether anything can still be dispatched soon: due, or claimed by a dead worker."""
    store = open_store(url)
    try:
        return waits(store, template.shop_id, at + LEASE_OVER)
    finally:
        store.close()


def waits(store: Store, shop_id: str, at: datetime) -> bool:
    """Say whether a mail is due at `at`, or its claim has lapsed by then."""
    with store.read() as uow:
        return bool(
            uow.outbox.due(shop_id, "email", at, 1, lock=False)
            or uow.outbox.lapsed(shop_id, "email", at, 1, lock=False)
        )


def main(words: list[str]) -> int:
    """Run from the command line; 1 where a figure that must be zero is not."""
    parser = argparse.ArgumentParser(prog="eval.faults.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--provider", choices=["keyed", "blind"], default="keyed")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--planted", choices=PLANTED, default="", help="put a known mistake in: it must be caught")
    parser.add_argument("--template", help="path, shop, instant and key (hex) of a prepared store, split by commas")
    parser.add_argument(
        "--postgres", default="", help="an empty server's address with {database} for the name; SQLite without it"
    )
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        template = read_template(asked.template) if asked.template else make_template(folder)
        if asked.postgres:
            template = template.on_postgres(asked.postgres)
        report = kill_many(template, folder, asked.kills, asked.provider, asked.seed, asked.planted)
    sys.stdout.write(json.dumps(report.model_dump(), indent=2) + "\n")
    return 0 if report.is_good else 1


def read_template(text: str) -> Template:
    """Read a template as the command line gives it."""
    path, shop_id, at, key = text.split(",")
    return Template(Path(path), shop_id, datetime.fromisoformat(at), bytes.fromhex(key))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
