"""Clocks that jump (A8): `python -m eval.faults.clocks --rounds 100 --provider keyed|blind`.

Few people with far more messages than their cap allows. The wall clock jumps, to and fro, between claim, hand-off, mark
and recovery; workers die there as well. In the end the clock is right again and the outbox is emptied. The judge counts
copies, messages per person, and hand-offs at an hour that was no hour for messages by the clock of that very instant.
With `--faked` it is the machine's own clock that jumps, also to 2038 and to a leap day, for the whole process.
"""

import argparse
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import structlog

from agent.dispatch import dispatch
from memory import faults
from memory.domain.base import Count
from memory.domain.clock import ManualClock
from memory.domain.message import ProviderKind
from memory.store.engine import Store, open_store

from .cap_race import CHANNELS, prepare, race_at
from .databases import copy_to_postgres, fresh_database, fresh_file, read_rows
from .oracle import Totals, Verdict, judge, totals_of
from .planted import PLANTED_FOR_CLOCKS, plant
from .preloads import FakedClock, again, is_faked, under_faketime
from .provider import LoopbackSender, read_instants, serving
from .world import KEY, SHOP, a_context, a_plan, sqlite_url

N_PEOPLE = 2
JUMPS = tuple(
    sign * span
    for span in (timedelta(hours=1), timedelta(days=365), timedelta(minutes=3), timedelta(hours=11))
    for sign in (1, -1)
)
"""An hour and a year, a lease and a bit, and from noon into the night."""
PLACES = (
    datetime(2038, 1, 19, 3, 14, 6, tzinfo=UTC),
    datetime(2028, 2, 28, 23, 59, 58, tzinfo=UTC),
    datetime(2028, 2, 29, 12, tzinfo=UTC),
)
"""Where a machine's own clock jumps as well: a second before 32 bits of seconds end, and round a leap day."""
JUMP_POINTS = frozenset({"K0", "K1", "K6", "K7", "K8", "K9"})
"""Between claim, hand-off, mark and recovery; never between the last look at the clock and the first byte."""
JUMP_RATE, DEATH_RATE, PLACE_RATE = 0.5, 0.08, 0.15
N_RUNS = 4
QUARTER = (0, 3, 15)
"""Minutes after the clock is right at which the outbox is drained: at once, past a lease, past a wait."""
OPENS, CLOSES = time(9), time(20)
"""What the test shop's guardrails allow in Germany, written down again for the judge."""
WAITING = "secondorder_faults_clocks"
OWNERS = "SELECT send_key, person_id, zone FROM outbox"


class ClockReport(Totals):
    """What so many rounds of a jumping clock did."""

    provider: str
    """Keyed or blind."""
    seed: Count
    """Repeats the same jumps."""
    n_rounds: Count
    """Outboxes emptied."""
    n_jumps: Count
    """Jumps of the clock."""
    n_deaths: Count
    """Workers that died in the middle."""
    n_delivered: Count
    """Those that the provider accepted."""
    n_over_cap: Count
    """People with more messages than their cap."""
    n_outside_hours: Count
    """Hand-offs outside the hours by the sender's own clock."""
    n_kept_waiting: Count
    """Messages without an end a quarter of an hour after the clock was set right, at noon of their day."""

    @property
    def is_good(self) -> bool:
        """Say whether every figure that must be zero is."""
        wrong = (self.n_doubled, self.n_lost, self.n_unlisted, self.n_over_cap, self.n_outside_hours)
        return not any((*wrong, self.n_kept_waiting))


class _Died(BaseException):
    """The worker is gone; what it had claimed stays claimed."""


class MovableClock(Protocol):
    """A clock that a run may set: a manual one, or the machine's under libfaketime."""

    def now(self) -> datetime:
        """Give the instant it shows."""
        ...

    def set(self, at: datetime) -> None:
        """Set it to `at`."""
        ...


class _Weather:
    """Moves the clock and ends workers as the dice say."""

    def __init__(self, clock: MovableClock, dice: random.Random) -> None:
        self.clock, self.dice = clock, dice
        self.truth, self.is_machine = clock.now(), not isinstance(clock, ManualClock)
        self.n_jumps = self.n_deaths = 0

    def heard(self, point: str) -> None:
        if point not in JUMP_POINTS:
            return
        if self.dice.random() < JUMP_RATE:
            self.n_jumps += 1
            self.clock.set(self._where())
        if self.dice.random() < DEATH_RATE:
            self.n_deaths += 1
            raise _Died

    def _where(self) -> datetime:
        now = self.clock.now()
        if self.is_machine:
            if abs(now - self.truth) > timedelta(days=366):
                return self.truth
            if self.dice.random() < PLACE_RATE:
                return self.dice.choice(PLACES)
        return now + self.dice.choice(JUMPS)


def jump_many(
    folder: Path, n_rounds: int, kind: ProviderKind, *, seed: int = 7, server: str = "",
    clock_at: Callable[[datetime], MovableClock] = ManualClock, waiting: Path | None = None,
) -> ClockReport:  # fmt: skip
    """Empty `n_rounds` outboxes under a jumping clock and judge each; `waiting` is a store from `make_waiting`."""
    waiting = waiting or make_waiting(folder)
    if server:
        copy_to_postgres(waiting, server, WAITING)
    dice = random.Random(seed)  # noqa: S311  repeatable choices, no secret
    verdicts: list[Verdict] = []
    counts: Counter[str] = Counter()
    for _ in range(n_rounds):
        url = fresh_database(server, f"{WAITING}_round", WAITING) if server else fresh_file(waiting, folder / "r.db")
        verdicts.append(_round(url, folder / "journal", kind, dice, counts, clock_at))
    return _report(kind, seed, verdicts, counts)


def make_waiting(folder: Path) -> Path:
    """Make the store that every round begins with, and give its file."""
    waiting = folder / "waiting.db"
    prepare(sqlite_url(waiting), N_PEOPLE)
    return waiting


def jump_once(
    folder: Path, kind: ProviderKind, at: time, jump: timedelta, *, has_heir: bool = False, waiting: Path | None = None
) -> ClockReport:
    """Let the clock jump a single time, between the claim and the first hand-off (K1), and judge the drained outbox.

    `at` is the hour in Berlin at which the claim is made. With an heir, another worker comes by right after the jump
    and drains what it may take, before the first one goes on.
    """
    url, journal = fresh_file(waiting or make_waiting(folder), folder / "once.db"), folder / "journal"
    noon = race_at(a_plan(a_context()))
    clock = ManualClock(noon.astimezone(ZoneInfo(SHOP.zone)).replace(hour=at.hour, minute=at.minute, second=at.second))
    n_jumps = 0
    with _shop(url, journal, kind, clock) as (store, senders):

        def heard(point: str) -> None:
            nonlocal n_jumps
            if point == "K1" and not n_jumps:
                n_jumps += 1
                clock.advance(jump)
                if has_heir:
                    _work(store, senders, clock, CHANNELS[0], "heir")

        faults.listen(heard, "test")
        _work(store, senders, clock, CHANNELS[0], "first")
        faults.listen(None, "test")
        counts = Counter(jumps=n_jumps)
        ended_at = _empty(store, senders, clock, noon, counts)
    _count_wrongs(url, journal, counts)
    return _report(kind, 0, [judge(url, journal, "blind", ended_at, channel="")], counts)


def _report(kind: ProviderKind, seed: int, verdicts: list[Verdict], counts: Counter[str]) -> ClockReport:
    return ClockReport(
        provider=kind,
        seed=seed,
        n_rounds=len(verdicts),
        n_jumps=counts["jumps"],
        n_deaths=counts["deaths"],
        n_delivered=sum(one.n_delivered for one in verdicts),
        **totals_of(verdicts),
        n_over_cap=counts["over"],
        n_outside_hours=counts["outside"],
        n_kept_waiting=counts["waiting"],
    )


def _round(
    url: str, journal: Path, kind: ProviderKind, dice: random.Random, counts: Counter[str],
    clock_at: Callable[[datetime], MovableClock],
) -> Verdict:  # fmt: skip
    journal.unlink(missing_ok=True)
    truth = race_at(a_plan(a_context()))
    clock = clock_at(truth)
    weather = _Weather(clock, dice)
    with _shop(url, journal, kind, clock) as (store, senders):
        for number in range(N_RUNS):
            faults.listen(weather.heard, "test")
            _work(store, senders, clock, dice.choice(CHANNELS), f"w{number}")
        faults.listen(None, "test")
        at = _empty(store, senders, clock, truth, counts)
    counts.update(jumps=weather.n_jumps, deaths=weather.n_deaths)
    _count_wrongs(url, journal, counts)
    return judge(url, journal, "blind", at, channel="")  # a keyed message may end as unknown: its hours were over


@contextmanager
def _shop(url: str, journal: Path, kind: ProviderKind, clock: MovableClock) -> Iterator[tuple[Store, dict[Any, Any]]]:
    """Open the store beside a provider, with a sender per channel; nobody listens to fault points afterwards."""
    with serving(journal) as port, closing(open_store(url)) as store:
        try:
            yield store, {channel: LoopbackSender(port, kind, clock) for channel in CHANNELS}
        finally:
            faults.listen(None, "test")


def _work(store: Store, senders: Any, clock: MovableClock, channel: Any, worker: str) -> None:
    """One channel after the other, in this thread, so that the dice fall in one order."""
    for each in (channel, *(other for other in CHANNELS if other != channel)):
        try:
            dispatch(store, {each: senders[each]}, clock, KEY, SHOP.shop_id, worker=worker, opens_after=10**6)
        except _Died:
            continue


def _empty(store: Store, senders: Any, clock: MovableClock, truth: datetime, counts: Counter[str]) -> datetime:
    """Set the clock right and go on until every message has an end; give the last instant.

    A quarter of an hour has to be enough: a lease, and the wait of what was looked at while it ran.
    """
    at = truth
    for minutes in QUARTER:
        at = truth + timedelta(minutes=minutes)
        clock.set(at)
        _work(store, senders, clock, CHANNELS[0], "last")
    counts["waiting"] += _n_open(store)
    while _n_open(store) and at < truth + timedelta(days=400):
        at += timedelta(days=1)
        clock.set(at)
        _work(store, senders, clock, CHANNELS[0], "last")
    return at


def _n_open(store: Store) -> int:
    with store.read() as uow:
        counts = uow.outbox.counts(SHOP.shop_id)
    return sum(n for (state, _), n in counts.items() if state in ("planned", "claimed"))


def _count_wrongs(url: str, journal: Path, counts: Counter[str]) -> None:
    owners = {key: (person, zone) for key, person, zone in read_rows(url, OWNERS)}
    cap = next(cap.max_messages for cap in a_context().guardrails.frequency_caps if cap.message_class == "service")
    handed = read_instants(journal)
    held = Counter(owners[key][0] for key, _ in handed)
    counts["over"] += sum(n > cap for n in held.values())
    counts["outside"] += sum(not _is_open(at, owners[key][1]) for key, at in handed)


def _is_open(at: datetime, zone: str) -> bool:
    local = at.astimezone(ZoneInfo(zone))
    return OPENS <= local.time() < CLOSES


def main(words: list[str]) -> int:
    """Run from the command line; 1 where a figure that must be zero is not."""
    parser = argparse.ArgumentParser(prog="eval.faults.clocks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--provider", choices=["keyed", "blind"], default="keyed")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--planted", choices=PLANTED_FOR_CLOCKS, default="", help="put a known mistake in")
    parser.add_argument("--postgres", default="", help="a server's address with {database} for the name")
    parser.add_argument("--faked", action="store_true", help="let the machine's clock jump, by Debian's faketime")
    asked = parser.parse_args(words)
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # the report alone goes to stdout
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if asked.faked and not is_faked():
            return again(__spec__.name, words, under_faketime(folder / "offset"))
        if asked.planted:
            plant(asked.planted)
        report = jump_many(
            folder, asked.rounds, asked.provider, seed=asked.seed, server=asked.postgres,
            clock_at=FakedClock if asked.faked else ManualClock,
        )  # fmt: skip
    sys.stdout.write(json.dumps(report.model_dump(), indent=2) + "\n")
    return 0 if report.is_good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
