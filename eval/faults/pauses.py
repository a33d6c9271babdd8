"""Paused workers (A4): `python -m eval.faults.pauses --pauses 100 --provider keyed|blind`.

The real dispatcher runs in a forked process and stops itself with a real SIGSTOP at a fault point. A crowd of others
works on what it did not claim, all at once. The clock, which all of them share, moves on by twice the lease; an heir
takes the claims over and empties the outbox; then SIGCONT. Whatever the first one still does must change nothing: no
hand-off of a claim that is not its own, no mark against the newer fence.
"""

import argparse
import json
import mmap
import os
import random
import signal
import struct
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from agent.dispatch import dispatch
from agent.dispatch.claim import LEASE
from memory import faults
from memory.domain.base import Count
from memory.domain.message import ProviderKind
from memory.store.engine import open_store
from memory.store.instants import from_micros, to_micros

from .databases import read_rows
from .kills import read_template, warm_up
from .oracle import Totals, Verdict, judge, totals_of
from .planted import PLANTED_FOR_PAUSES, plant
from .provider import LoopbackSender, read_journal, serving
from .waiting import Template, fresh_copy, make_template

PAUSE_POINTS = ("K1", "K2", "K3", "K4", "K5", "K6", "K8")
"""Outside of transactions: a worker that stops inside one holds up the others and hands nothing off."""
ON_THE_WAY = frozenset({"K2", "K3", "K4"})
"""Where the message in hand may still arrive after SIGCONT: it had begun to leave."""
OUTBOX = "SELECT * FROM outbox ORDER BY send_key"


class PauseReport(Totals):
    """What so many pauses did."""

    provider: str
    """Keyed or blind."""
    seed: Count
    """Repeats the same choices."""
    n_pauses: Count
    """Workers that were stopped and went on."""
    n_late_hand_offs: Count
    """Accepted after SIGCONT although they had not begun to leave before SIGSTOP."""
    n_late_marks: Count
    """Rows that a worker changed after others had taken its claims over."""

    @property
    def is_good(self) -> bool:
        """Say whether every figure that must be zero is."""
        return not (self.n_doubled or self.n_lost or self.n_unlisted or self.n_late_hand_offs or self.n_late_marks)


class SharedClock:
    """One instant for all processes; only the parent moves it."""

    def __init__(self, at: datetime) -> None:
        """Start at `at`."""
        self._memory = mmap.mmap(-1, 8)
        self.set(at)

    def now(self) -> datetime:
        """Give the instant."""
        return from_micros(struct.unpack("q", self._memory[:8])[0])

    def set(self, at: datetime) -> None:
        """Move to `at`, for everybody."""
        self._memory[:8] = struct.pack("q", to_micros(at))


class Round(NamedTuple):
    """What the workers of one outbox share."""

    url: str
    port: int
    kind: ProviderKind
    template: Template
    clock: SharedClock
    planted: str


def pause_many(
    template: Template, folder: Path, n_pauses: int, kind: ProviderKind, *, seed: int = 7, planted: str = "",
    n_workers: int = 3,
) -> PauseReport:  # fmt: skip
    """Stop `n_pauses` workers, at every point in turn, and judge each drained outbox."""
    dice = random.Random(seed)  # noqa: S311  repeatable choices, no secret
    warm_up(template, folder)
    found: list[tuple[Verdict, int, int]] = []
    for number in range(n_pauses):
        point = PAUSE_POINTS[number % len(PAUSE_POINTS)]
        nth = 1 if point == "K8" else dice.randint(1, 5)  # a keyed provider's batch is marked once
        found.append(_pause(template, folder, kind, point, nth, planted, n_workers))
    verdicts = [verdict for verdict, _, _ in found]
    return PauseReport(
        provider=kind,
        seed=seed,
        n_pauses=len(found),
        **totals_of(verdicts),
        n_late_hand_offs=sum(late for _, late, _ in found),
        n_late_marks=sum(marks for _, _, marks in found),
    )


def _pause(
    template: Template, folder: Path, kind: ProviderKind, point: str, nth: int, planted: str, n_workers: int
) -> tuple[Verdict, int, int]:
    """Give the verdict, the hand-offs that came too late and the rows that changed too late."""
    journal = folder / "journal"
    journal.unlink(missing_ok=True)
    clock = SharedClock(template.at)
    with serving(journal) as port:
        of = Round(fresh_copy(template, folder / "round.db"), port, kind, template, clock, planted)
        sleeper = _fork(of, "sleeper", f"{point}:{nth}")
        _, status = os.waitpid(sleeper, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            raise RuntimeError(f"the worker did not stop at {point}, passing {nth}")
        _all_well([_fork(of, f"crowd-{number}") for number in range(n_workers - 1)])
        clock.set(clock.now() + 2 * LEASE)
        _all_well([_fork(of, "heir")])
        before, had = read_rows(of.url, OUTBOX), len(read_journal(journal))
        os.kill(sleeper, signal.SIGCONT)
        _all_well([sleeper])
        n_after = len(read_journal(journal)) - had
        n_marks = sum(one != other for one, other in zip(before, read_rows(of.url, OUTBOX), strict=True))
        return judge(of.url, journal, kind, clock.now()), max(0, n_after - (point in ON_THE_WAY)), n_marks


def _fork(of: Round, name: str, pause: str = "") -> int:
    child = os.fork()
    if child == 0:
        _work(of, name, pause)
    return child


def _work(of: Round, name: str, pause: str) -> NoReturn:
    code = 1
    try:
        if pause:
            faults.listen(_sleeper(pause), "test")
        if of.planted:
            plant(of.planted)
        channels: dict[Any, Any] = {"email": LoopbackSender(of.port, of.kind, of.clock)}
        dispatch(open_store(of.url), channels, of.clock, of.template.key, of.template.shop_id, worker=name)
        code = 0
    finally:
        os._exit(code)


def _sleeper(pause: str) -> Any:
    point, left = pause.split(":")[0], [int(pause.split(":")[1])]

    def heard(passed: str) -> None:
        if passed == point:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGSTOP)

    return heard


def _all_well(children: Sequence[int]) -> None:
    for child in children:
        _, status = os.waitpid(child, 0)
        if status != 0:
            raise RuntimeError(f"a worker ended with status {status}")


def main(words: list[str]) -> int:
    """Run from the command line; 1 where a figure that must be zero is not."""
    parser = argparse.ArgumentParser(prog="eval.faults.pauses", description=__doc__)
    parser.add_argument("--pauses", type=int, default=100)
    parser.add_argument("--provider", choices=["keyed", "blind"], default="keyed")
    parser.add_argument("--workers", type=int, default=3, help="at once; one of them is stopped")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--planted", choices=PLANTED_FOR_PAUSES, default="", help="put a known mistake in")
    parser.add_argument("--postgres", default="", help="a server's address with {database} for the name")
    parser.add_argument("--template", help="path, shop, instant and key (hex) of a prepared store, split by commas")
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        template = read_template(asked.template) if asked.template else make_template(folder)
        template = template.on_postgres(asked.postgres) if asked.postgres else template
        report = pause_many(
            template, folder, asked.pauses, asked.provider, seed=asked.seed, planted=asked.planted,
            n_workers=asked.workers,
        )  # fmt: skip
    sys.stdout.write(json.dumps(report.model_dump(), indent=2) + "\n")
    return 0 if report.is_good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
