"""A machine that fails under a worker (A7): `python -m eval.faults.storage --rounds 20 --provider keyed|blind`.

The product's own worker drains an outbox in a forked process. In its first turns either writes and syncs of the store
fail at random (a preloaded library, built by gcc), or hardly a file may be opened (`RLIMIT_NOFILE`); then the machine
is well again and the same process goes on. The judge compares the provider's journal with the store.
"""

import argparse
import json
import os
import random
import resource
import sys
import tempfile
import threading
from collections import Counter
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import structlog

from agent.assembly import App
from agent.runs.worker import RunWorker
from agent.settings import load_settings
from memory.domain.base import Count
from memory.domain.clock import ManualClock
from memory.domain.message import ProviderKind
from tools.channels.memory import MemorySender

from .kills import read_template, waits
from .oracle import Totals, Verdict, judge, totals_of
from .planted import PLANTED, plant
from .preloads import WriteErrors, again, is_under_write_errors, under_write_errors
from .provider import LoopbackSender, serving
from .waiting import Template, fresh_copy, make_template

TROUBLES = ("writes", "files")
ERROR_RATES = (0.01, 0.05, 0.2)
"""Shares of writes and syncs that fail: a claim alone makes some dozens."""
MOST_FILES = 5
"""So many more may be opened at most: a store's connection takes up to three, a hand-off one."""
N_TURNS_OF_TROUBLE = 12
N_TURNS = 60
TURN = timedelta(minutes=3)
"""What the clock moves on after each turn: past the lease of whatever the last one left claimed."""


class StorageReport(Totals):
    """What so many drained outboxes say."""

    provider: str
    """Keyed or blind."""
    seed: Count
    """Repeats the same choices."""
    n_rounds: Count
    """Outboxes drained."""
    n_failed: dict[str, Count]
    """Turns of workers that the store failed, per kind of trouble."""
    said: dict[str, Count]
    """What the worker's log said of them."""

    @property
    def is_good(self) -> bool:
        """Say whether every figure that must be zero is."""
        return not (self.n_doubled or self.n_lost or self.n_unlisted)


class Round(NamedTuple):
    """What the worker of one outbox needs."""

    url: str
    port: int
    kind: ProviderKind
    template: Template
    trouble: str
    seed: int
    planted: str
    folder: Path


def trouble_many(
    template: Template, folder: Path, n_rounds: int, kind: ProviderKind, *, seed: int = 7, planted: str = "",
    troubles: tuple[str, ...] = TROUBLES,
) -> StorageReport:  # fmt: skip
    """Drain `n_rounds` outboxes, with each kind of trouble in turn, and judge each."""
    _warm_up(template, folder)
    failed, said, verdicts = Counter(dict.fromkeys(troubles, 0)), Counter[str](), list[Verdict]()
    for number in range(n_rounds):
        trouble, journal = troubles[number % len(troubles)], folder / "journal"
        journal.unlink(missing_ok=True)
        with serving(journal) as port:
            url = fresh_copy(template, folder / "round.db")
            verdict, whys = _round(Round(url, port, kind, template, trouble, seed + number, planted, folder), journal)
        verdicts.append(verdict)
        failed[trouble] += len(whys)
        said.update(whys)
    return StorageReport(
        provider=kind,
        seed=seed,
        n_rounds=len(verdicts),
        n_failed=dict(failed),
        said=dict(said),
        **totals_of(verdicts),
    )


def _round(of: Round, journal: Path) -> tuple[Verdict, list[str]]:
    """Let a worker drain one outbox; give the verdict and what its log says of each failed turn."""
    log = of.folder / "worker.log"
    log.unlink(missing_ok=True)
    child = os.fork()
    if child == 0:
        _work(of, log)
    _, status = os.waitpid(child, 0)
    text = log.read_text(encoding="utf-8") if log.exists() else ""
    if status != 0:
        raise RuntimeError(f"the worker ended with status {status}: {text[-2000:]}")
    lines = [json.loads(line) for line in text.splitlines() if "worker_round_failed" in line]
    return judge(of.url, journal, of.kind, of.template.at + N_TURNS * TURN), [
        line.get("why", line["error"]) for line in lines
    ]


def _work(of: Round, log: Path) -> NoReturn:
    code = 1
    try:
        for stream in (1, 2):
            os.dup2(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), stream)
        structlog.configure(processors=[structlog.processors.JSONRenderer()])
        if of.planted:
            plant(of.planted)
        clock = ManualClock(of.template.at)
        sender = LoopbackSender(of.port, of.kind, clock)
        app = _installation(of.template, of.folder, of.url, clock, sender)
        _turns(app, of.template.shop_id, RunWorker(app, "troubled"), clock, _Machine(of.trouble, of.seed))
        code = 0
    finally:
        os._exit(code)


def _warm_up(template: Template, folder: Path) -> None:
    """Work once in this process, so that children are forked with everything loaded; no connection stays open."""
    clock = ManualClock(template.at)
    app = _installation(template, folder, fresh_copy(template, folder / "warm.db"), clock, MemorySender(clock))
    RunWorker(app, "warm").drain()
    app.close()


def _installation(template: Template, folder: Path, url: str, clock: ManualClock, sender: Any) -> App:
    home = folder / "home"
    home.mkdir(exist_ok=True)
    (home / "secret.key").write_bytes(template.key)
    app = App(load_settings(home=home, database_url=url), clock, {"email": sender})
    assert app.store is not None  # opened before the trouble begins, as a worker's is
    return app


def _turns(app: App, shop_id: str, worker: RunWorker, clock: ManualClock, machine: "_Machine") -> None:
    """Let the worker's own loop drain turn after turn until nothing waits; the machine is bad in the first ones."""
    over, turns = threading.Event(), count()

    def turn() -> None:
        number = next(turns)
        clock.advance(TURN)
        machine.bad() if number < N_TURNS_OF_TROUBLE else machine.well()
        worker.drain()
        if number >= N_TURNS_OF_TROUBLE and (number == N_TURNS or not waits(app.store, shop_id, clock.now())):
            over.set()

    worker.repeat("drain", turn, 0.0, over)


class _Machine:
    """What is wrong with the machine."""

    def __init__(self, trouble: str, seed: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311  repeatable choices, no secret
        self._errors = WriteErrors() if trouble == "writes" else None
        self._soft, self._hard = resource.getrlimit(resource.RLIMIT_NOFILE)

    def bad(self) -> None:
        """Make the next turn hard, a little differently each time."""
        if self._errors is not None:
            self._errors.on(self._dice.choice(ERROR_RATES), self._dice.randrange(2**31))
            return
        self.well()
        taken = {int(path.name) for path in Path("/proc/self/fd").iterdir()}
        free = [number for number in range(self._soft) if number not in taken]
        resource.setrlimit(resource.RLIMIT_NOFILE, (free[self._dice.randrange(MOST_FILES)], self._hard))

    def well(self) -> None:
        """Let everything work again."""
        if self._errors is not None:
            self._errors.on(0.0, 0)
        resource.setrlimit(resource.RLIMIT_NOFILE, (self._soft, self._hard))


def main(words: list[str]) -> int:
    """Run from the command line; 1 where a figure that must be zero is not."""
    parser = argparse.ArgumentParser(prog="eval.faults.storage", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--provider", choices=["keyed", "blind"], default="keyed")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--planted", choices=PLANTED, default="", help="put a known mistake in")
    parser.add_argument("--trouble", choices=TROUBLES, default="", help="of one kind only")
    parser.add_argument("--template", help="path, shop, instant and key (hex) of a prepared store, split by commas")
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if not is_under_write_errors():
            return again("eval.faults.storage", words, under_write_errors(folder))
        template = read_template(asked.template) if asked.template else make_template(folder)
        report = trouble_many(
            template, folder, asked.rounds, asked.provider, seed=asked.seed, planted=asked.planted,
            troubles=(asked.trouble,) if asked.trouble else TROUBLES,
        )  # fmt: skip
    sys.stdout.write(json.dumps(report.model_dump(), indent=2) + "\n")
    return 0 if report.is_good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
