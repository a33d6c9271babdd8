"""Clock changes (B3): `python -m eval.faults.zones` probes every real transition of every zone from 2025 to 2030.

Around each transition, minute by minute, both checkers are asked whether a window is open, and what they say is
compared with the wall clock worked out from the zone's own table of offsets. The opening that a held message is moved
to has to be open, and no minute before it may be.
"""

import argparse
import sys
import time
from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo, available_timezones

from agent.verify.hours import hours
from memory.domain.base import Count, Frozen
from memory.domain.guardrails import QuietHours
from memory.domain.handover import MarketNow, PersonNow, PlanNow, Promise
from tools.timing.hours import OpenHours
from tools.timing.windows import is_allowed, next_allowed

from .world import a_context, a_plan

FIRST, LAST = datetime(2025, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
AROUND = 75
"""Minutes probed on either side."""


class ZonesReport(Frozen):
    """What the probes found."""

    n_zones: Count
    """Zones looked at."""
    n_transitions: Count
    """Their real transitions."""
    n_probes: Count
    """Instants asked about, twice each."""
    n_wrong: Count
    """Answers that the wall clock contradicts: has to be 0."""
    n_bad_openings: Count
    """Openings that are closed, or that come later than they need: has to be 0."""

    @property
    def holds(self) -> bool:
        """Whether every answer was right."""
        return not (self.n_wrong or self.n_bad_openings)


def zone_names() -> list[str]:
    """Give every zone there is."""
    return sorted(available_timezones() - {"localtime"})


def offsets_of(zone: ZoneInfo) -> tuple[list[datetime], list[timedelta]]:
    """Give from when on which offset from UTC holds, by halving every day in which it changes."""
    begins, offsets = [FIRST], [_offset(zone, FIRST)]
    at = FIRST
    while at < LAST:
        after = at + timedelta(days=1)
        if _offset(zone, after) != offsets[-1]:
            low, high = at, after
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) / 2
                low, high = (middle, high) if _offset(zone, middle) == offsets[-1] else (low, middle)
            begins.append(high.replace(microsecond=0))
            offsets.append(_offset(zone, high))
        at = after
    return begins, offsets


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def probe(n_transitions: int | None = None, seed: int = 1) -> ZonesReport:
    """Probe all transitions, or a seeded sample of so many."""
    tables = {name: offsets_of(ZoneInfo(name)) for name in _sampled(n_transitions, seed)}
    changes = [(name, at) for name, (begins, _) in tables.items() for at in begins[1:]]
    if n_transitions is not None:
        changes = Random(seed).sample(changes, min(n_transitions, len(changes)))  # noqa: S311  seeded on purpose
    plan = _plan_now()
    n_probes = n_wrong = n_bad = 0
    for name, change in changes:
        begins, offsets = tables[name]

        def minute_of(at: datetime, begins: list[datetime] = begins, offsets: list[timedelta] = offsets) -> int:
            wall = at + offsets[bisect_right(begins, at) - 1]
            return wall.hour * 60 + wall.minute

        edge = minute_of(change - MINUTE)
        for opens, closes in ((540, 1200), ((edge - 20) % 1440, (edge + 40) % 1440)):
            window = OpenHours(opens_minute=opens, closes_minute=closes)
            held = plan.model_copy(
                update={
                    "guardrails": plan.guardrails.model_copy(
                        update={"quiet_hours": QuietHours(opens_minute=opens, closes_minute=closes)}
                    )
                }
            )
            for step in range(-AROUND, AROUND):
                at = change + step * MINUTE
                is_open = _within(minute_of(at), opens, closes)
                n_probes += 1
                n_wrong += is_allowed(at, [name], [window]) != is_open
                n_wrong += (not hours(PROMISE, _person(name), held, MarketNow(None, frozenset()), at)) != is_open
            start = change - AROUND * MINUTE
            found = next_allowed(start, [name], [window])
            n_bad += found is None or not _within(minute_of(found), opens, closes)
            if found is not None:
                n_earlier = int(min(found - start, timedelta(days=1)) / MINUTE)
                n_bad += any(_within(minute_of(start + n * MINUTE), opens, closes) for n in range(n_earlier))
    return ZonesReport(
        n_zones=len(tables), n_transitions=len(changes), n_probes=n_probes, n_wrong=n_wrong, n_bad_openings=n_bad
    )


def _sampled(n_transitions: int | None, seed: int) -> list[str]:
    names = zone_names()
    if n_transitions is None:
        return names
    always = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu"]
    return sorted({*always, *Random(seed).sample(names, min(3, n_transitions))})  # noqa: S311  seeded on purpose


def _within(minute: int, opens: int, closes: int) -> bool:
    return opens <= minute < closes if opens <= closes else minute >= opens or minute < closes


def _person(zone: str) -> PersonNow:
    return PersonNow("treated", False, True, False, (zone,), None, ())


PROMISE = Promise("", "", "", "", "", "", "email", "thank_you", "service", "", "", "en", 0, "")


def _plan_now() -> PlanNow:
    context = a_context()
    return PlanNow(
        plan=a_plan(context), status="live", approval=None, may_approve=True, touched_by=(), live_at=None,
        guardrails=context.guardrails, figures=None, concurrent_minor=0, remaining_millis=0, home_zone="UTC",
        templates={},
    )  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Probe and print; 1 where an answer was wrong."""
    parser = argparse.ArgumentParser(description="Quiet hours across every clock change.")
    parser.add_argument("--sample", type=int, default=None, help="so many transitions; all where none is given")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    started = time.perf_counter()
    report = probe(given.sample, given.seed)
    print(f"{report.model_dump_json()} {time.perf_counter() - started:.0f} s")  # noqa: T201
    return 0 if report.holds else 1


if __name__ == "__main__":
    sys.exit(main())
