"""The cap race (B2): `python -m eval.faults.cap_race --workers 16 --people 400 [--postgres URL]`.

Many processes drain the same outbox at once: 400 people with 32 messages each, from three plans on three channels,
are 12,800 attempts. Afterwards everyone has to have exactly as many messages of a class as the cap allows.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from agent.dispatch import claim, dispatch
from agent.dispatch.second import Second
from memory.domain.base import Count, Frozen
from memory.domain.clock import ManualClock
from memory.domain.outcome import Allowed
from memory.domain.plan import Plan
from memory.store.engine import Store, open_store
from memory.store.instants import to_micros
from tools.channels.memory import MemorySender

from .adversarial_sends import row_of
from .world import KEY, SHOP, a_context, a_plan, a_store, put_live, sqlite_url

PER_PERSON = 32
N_PLANS = 3
CHANNELS: tuple[Any, ...] = ("email", "sms", "push")
PLANTED_PAUSE = 0.3


class RaceReport(Frozen):
    """What a race left behind."""

    n_attempts: Count
    """Messages that wanted a slot."""
    n_sent: Count
    """Those that got one."""
    n_over: Count
    """People above their cap: has to be 0."""
    n_under: Count
    """People below their cap although more messages wanted a slot: has to be 0."""
    n_open: Count
    """Messages that neither left nor ended: has to be 0."""

    @property
    def holds(self) -> bool:
        """Whether every cap was used up and none passed."""
        return not (self.n_over or self.n_under or self.n_open)


def prepare(url: str, n_people: int, per_person: int = PER_PERSON) -> int:
    """Fill a store with people and, unless told otherwise, far more messages than their caps allow; give how many."""
    context = a_context()
    shop = a_store(url, context, n_people)
    first = a_plan(context)
    plans = [first.model_copy(update={"title": f"journey {number}"}) for number in range(N_PLANS)]
    rows = [row for person in shop.people for row in _wishes(plans, context, person, per_person)]
    for plan in plans:
        put_live(shop.store, plan, shop.people, live_at=race_at(first) - timedelta(days=1))
    with shop.store.unit_of_work() as uow:
        n = uow.outbox.plan(rows)
    shop.store.close()
    return n


def race_at(plan: Plan) -> datetime:
    """Give the instant of the race: noon of the first service day."""
    step = _step(plan)[1]
    return datetime.combine(step.due_on, clock_time(12), ZoneInfo("Europe/Berlin")).astimezone(UTC)


def _step(plan: Plan) -> Any:
    return next(
        (journey.cohort, step)
        for journey in plan.journeys
        for step in journey.steps
        if step.kind == "thank_you" and "email" in step.channels
    )


def _wishes(plans: list[Plan], context: Any, person: str, n: int) -> list[dict[str, Any]]:
    """Give one person's messages: the same step over and over, under keys of its own, from every plan in turn."""
    found = []
    at = race_at(plans[0])
    for number in range(n):
        plan = plans[number % len(plans)]
        cohort, step = _step(plan)
        row = row_of(plan, context, cohort, step, person, copy=number)
        found.append({key: value for key, value in row.items() if key != "at"} | {"send_at": to_micros(at)})
    return found


def work(url: str, worker: str, *, is_planted: bool = False) -> None:
    """Drain the outbox until nothing is due."""
    store = open_store(url)
    clock = ManualClock(race_at(a_plan(a_context())))
    senders: Any = {channel: MemorySender(clock) for channel in CHANNELS}
    if not is_planted:
        dispatch(store, senders, clock, KEY, SHOP.shop_id, worker=worker)
    else:
        with (
            patch.object(claim, "read_facts", _stale(store)),
            patch.object(Second, "verdict", lambda *_, **__: Allowed()),
        ):
            dispatch(store, senders, clock, KEY, SHOP.shop_id, worker=worker)
    store.close()


def _stale(store: Store) -> Any:
    """The planted bug: look at the slots first, in a transaction of one's own, and insert later."""
    from agent.dispatch.facts import read_facts

    seen: dict[str, Any] = {}

    def read(uow: Any, shop_id: str, rows: Any, now: datetime) -> Any:
        facts = read_facts(uow, shop_id, rows, now)
        with store.read() as other:
            known = seen.setdefault("slots", other.outbox.cap_slots(facts.person_of.values(), now - timedelta(days=30)))
        facts.slots.clear()
        for slot in known:
            facts.slots.setdefault((slot.person_id, slot.message_class), []).append(slot.claimed_at)
        return facts

    return read


def race(url: str, n_people: int, n_workers: int, *, is_planted: bool = False) -> RaceReport:
    """Run the race in processes of their own and judge what is in the database afterwards."""
    n = prepare(url, n_people)
    command = [sys.executable, "-m", "eval.faults.cap_race", "--work", url]
    flags = ["--planted"] if is_planted else []
    workers = [subprocess.Popen([*command, "--name", f"w{number}", *flags]) for number in range(n_workers)]  # noqa: S603
    failed = [worker.wait() for worker in workers]
    assert not any(failed), f"workers ended with {failed}"
    return judge(url, n, n_people)


def judge(url: str, n: int, n_people: int) -> RaceReport:
    """Count slots per person from the database."""
    store = open_store(url)
    cap = next(cap.max_messages for cap in a_context().guardrails.frequency_caps if cap.message_class == "service")
    with store.read() as uow:
        people = [f"p{number:05d}" for number in range(n_people)]
        slots = uow.outbox.cap_slots(people, race_at(a_plan(a_context())) - timedelta(days=30))
        counts = uow.outbox.counts(SHOP.shop_id)
    store.close()
    held = Counter(slot.person_id for slot in slots)
    return RaceReport(
        n_attempts=n,
        n_sent=counts.get(("sent", ""), 0),
        n_over=sum(held[person] > cap for person in people),
        n_under=sum(held[person] < cap for person in people),
        n_open=sum(number for (state, _), number in counts.items() if state in ("planned", "claimed")),
    )


def main(arguments: list[str] | None = None) -> int:
    """Run a race, or one worker of it; 1 where a cap did not hold."""
    parser = argparse.ArgumentParser(description="Many processes, one cap.")
    parser.add_argument("--workers", type=int, default=16)
    parser.add_argument("--people", type=int, default=400)
    parser.add_argument("--postgres", default="", help="address of an empty database; SQLite where none is given")
    parser.add_argument("--planted", action="store_true", help="with the planted check-then-insert bug")
    parser.add_argument("--work", default="", help=argparse.SUPPRESS)
    parser.add_argument("--name", default="w0", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.work:
        work(given.work, given.name, is_planted=given.planted)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        url = given.postgres or sqlite_url(Path(folder) / "race.db")
        started = time.perf_counter()
        report = race(url, given.people, given.workers, is_planted=given.planted)
    print(f"{report.model_dump_json()} {time.perf_counter() - started:.0f} s")  # noqa: T201
    return 0 if report.holds else 1


if __name__ == "__main__":
    sys.exit(main())
