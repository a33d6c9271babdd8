"""Which steps are due in a slot, where, and when exactly: a small table per plan, before any person is read."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pyarrow as pa

from memory.domain.facts import INSTANT
from memory.domain.guardrails import Guardrails
from memory.domain.market import Channel, Market, Shop
from memory.domain.plan import Plan, Step
from tools.timing import due_instants, hours_for, next_allowed, resolve_zone
from tools.timing.windows import is_holiday

DUE_SCHEMA = pa.schema(
    [
        ("step_id", pa.string()),
        ("journey_id", pa.string()),
        ("cohort", pa.string()),
        ("frozen_market", pa.string()),
        ("frozen_zone", pa.string()),
        ("zone", pa.string()),
        ("zone_source", pa.string()),
        ("default_language", pa.string()),
        ("channel", pa.string()),
        ("due_at", INSTANT),
        ("send_at", INSTANT),
        ("local_minute", pa.int32()),
        ("local_weekday", pa.int32()),
        ("is_local_holiday", pa.bool_()),
        ("is_fallback", pa.bool_()),  # whether it is a second channel for those who did not react
        ("waited_on", pa.string()),  # the day of its window, for a step that waits for what it is about; else empty
        ("ready_after", INSTANT),  # whose parcel was there by then an earlier look saw; null on the first
    ]
)
LONGEST_WAIT = timedelta(hours=36)
"""A step whose channel is closed at its minute moves to the next opening within this time."""
PARCEL_DAYS = 30
"""For so many days after its date a step about a parcel is looked at again, for those whose parcel is not there yet."""


class Place(NamedTuple):
    """A market and zone in which frozen people live; either may be unknown."""

    market: str | None
    zone: str | None


def sendable(plan: Plan) -> Iterable[tuple[str, str, Step]]:
    """Give (journey id, cohort, step) of the steps that we send ourselves."""
    for journey in plan.journeys:
        for step in journey.steps:
            if step.owner == "us" and step.message_class != "on_page":
                yield journey.id, journey.cohort, step


def may_be_due(plan: Plan, covers: tuple[datetime, datetime]) -> bool:
    """Say whether any step's day lies near the interval, whatever the zone."""
    return any(_is_near(plan, step, covers) for _, _, step in sendable(plan))


def waits_for_parcel(step: Step) -> bool:
    """Say whether the step is about a parcel, and goes to nobody before it is there."""
    return step.trigger == "delivered"


def _window(plan: Plan, step: Step) -> int:
    """Give for how many days after its date the step is looked at again."""
    parcel = min(PARCEL_DAYS, (plan.ends_on - step.due_on).days) if waits_for_parcel(step) else 0
    return max(step.window_days, parcel)


def _is_near(plan: Plan, step: Step, covers: tuple[datetime, datetime]) -> bool:
    last = step.due_on + timedelta(days=_window(plan, step))
    return covers[0].date() - timedelta(days=1) <= last and step.due_on <= covers[1].date() + timedelta(days=1)


def _days(plan: Plan, step: Step, covers: tuple[datetime, datetime]) -> list[date]:
    """Give the days of the step's window near the interval; the one day of a step without a window."""
    every = (step.due_on + timedelta(days=n) for n in range(_window(plan, step) + 1))
    first, last = covers[0].date() - timedelta(days=1), covers[1].date() + timedelta(days=1)
    return [day for day in every if first <= day <= last]


def due_table(
    plan: Plan,
    places: Sequence[Place],
    markets: dict[str, Market],
    shop: Shop,
    guardrails: Guardrails,
    covers: tuple[datetime, datetime],
    looked_until: datetime | None = None,
) -> pa.Table:
    """Give one row per due step, place and channel whose local due minute lies in the half-open interval `covers`.

    `looked_until` is the end of what earlier ticks took of this plan; none where none found it live.
    """
    rows: list[dict[str, Any]] = []
    for journey_id, cohort, step in sendable(plan):
        if not _is_near(plan, step, covers):
            continue
        for place in places:
            zone, _ = resolve_zone(place.zone, markets.get(place.market or ""), shop)
            instants = [(day, due_instants(day, step.local_minute, [zone])[zone]) for day in _days(plan, step, covers)]
            within = [(day, at) for day, at in instants if covers[0] <= at < covers[1]]
            for day, due_at in within[-1:]:  # a late tick looks at a window once, on its latest day
                is_later = waits_for_parcel(step) and day > step.due_on
                waited: dict[str, Any] = {"waited_on": day.isoformat()} if step.window_days or is_later else {}
                if is_later:
                    waited["ready_after"] = _ready_after(step, within[0][0], zone, looked_until)
                rows.extend(
                    due_row(journey_id, cohort, step, channel, place, markets, shop, guardrails, due_at) | waited
                    for channel in step.channels
                )
    return pa.Table.from_pylist(rows, schema=DUE_SCHEMA)


def _ready_after(step: Step, day: date, zone: str, looked_until: datetime | None) -> datetime | None:
    """Give the instant up to which an earlier look, before the one of this day, saw every parcel that was there.

    That is one look before the last one: what became known while that one ran, or after its slot and before its due
    minute, it did not see. Days on which the plan was paused, or not live yet, had no look.
    """

    def at(day: date) -> datetime:
        return due_instants(day, step.local_minute, [zone])[zone]

    last = day - timedelta(days=1)
    while looked_until is not None and last >= step.due_on and at(last) >= looked_until:
        last -= timedelta(days=1)
    before = last - timedelta(days=1)
    return None if looked_until is None or before < step.due_on else at(before)


def due_row(
    journey_id: str,
    cohort: str,
    step: Step,
    channel: Channel,
    place: Place,
    markets: dict[str, Market],
    shop: Shop,
    guardrails: Guardrails,
    due_at: datetime,
) -> dict[str, Any]:
    """Give the row of `DUE_SCHEMA` for a step on one channel in one place."""
    market = markets.get(place.market or "")
    zone, source = resolve_zone(place.zone, market, shop)
    return {
        "step_id": step.id,
        "journey_id": journey_id,
        "cohort": cohort,
        "frozen_market": place.market or "",
        "frozen_zone": place.zone or "",
        "zone": zone,
        "zone_source": source,
        "default_language": market.language if market else "",
        "due_at": due_at,
        "is_fallback": False,
        "waited_on": "",
        "ready_after": None,
    } | _sending(step, channel, zone, market, guardrails, due_at)


def _sending(
    step: Step, channel: Channel, zone: str, market: Market | None, guardrails: Guardrails, due_at: datetime
) -> dict[str, Any]:
    windows = hours_for(guardrails, market, channel, step.message_class)
    opening = next_allowed(due_at, [zone], windows)
    send_at = opening if opening is not None and opening - due_at <= LONGEST_WAIT else due_at
    local = send_at.astimezone(ZoneInfo(zone))
    return {
        "channel": channel,
        "send_at": send_at,
        "local_minute": local.hour * 60 + local.minute,
        "local_weekday": local.weekday(),
        "is_local_holiday": is_holiday(local.date(), market.country if market else ""),
    }
