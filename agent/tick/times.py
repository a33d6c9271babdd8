"""Which hours were considered for a step in a place, and why each of the others was refused.

The rule is the one `due_row` follows: the planned minute, else the first open instant after it, within `LONGEST_WAIT`.
Beside these stand the later hours that chance or experience may take instead (`agent.tick.hours`).
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from memory.domain.facts import DECISION_TIMES_SCHEMA
from tools.timing import LaterHour, OpenHours, hours_for
from tools.timing.windows import is_holiday

from .hours import HourRules, open_later

N_HOURS = 24
"""Hours looked at from the planned minute on."""
LATER = "later_than_needed"
NOT_FOUND = "no_opening_in_time"


def times_table(due: pa.Table, rules: HourRules, batch_id: str) -> pa.Table:
    """Give `DECISION_TIMES_SCHEMA` for the rows of `DUE_SCHEMA`: one row per considered instant.

    It depends on places, steps and channels only, never on people, so it stays small for any shop.
    """
    plan, steps = rules.plan, {step.id: step for step in rules.plan.steps()}
    fixed = {"batch_id": batch_id, "shop_id": plan.shop_id, "plan_id": plan.id}
    rows: list[dict[str, Any]] = []
    seen: set[tuple[Any, ...]] = set()
    for row in due.to_pylist():
        place = {name: row[name] for name in ("step_id", "is_fallback", "channel", "zone")}
        place["market"] = row["frozen_market"]
        if (key := tuple(place.values())) in seen:
            continue
        seen.add(key)
        step, country = steps[row["step_id"]], row["frozen_market"]
        windows = hours_for(rules.guardrails, rules.markets.get(country), row["channel"], step.message_class)
        waits = row["is_fallback"] or row["waited_on"]
        later = [] if waits else open_later(row | {"market": country}, row["channel"], step, rules)
        considered = _considered(row["due_at"], row["send_at"], row["zone"], windows, country, later)
        rows.extend(fixed | place | one for one in considered)
    return pa.Table.from_pylist(rows, DECISION_TIMES_SCHEMA)


def _considered(
    due_at: datetime,
    send_at: datetime,
    zone: str,
    windows: Sequence[OpenHours],
    country: str,
    later: Sequence[LaterHour],
) -> Iterator[dict[str, Any]]:
    hours = {(due_at + timedelta(hours=n)).astimezone(UTC) for n in range(N_HOURS)}
    drawable = {hour.at: hour.no for hour in later} | ({send_at.astimezone(UTC): 0} if later else {})
    for at in sorted({*hours, *drawable, send_at.astimezone(UTC)}):
        local = at.astimezone(ZoneInfo(zone))
        minute, weekday = local.hour * 60 + local.minute, local.weekday()
        holiday = is_holiday(local.date(), country)
        reasons = sorted({reason for window in windows for reason in refusals(window, minute, weekday, holiday)})
        if at == send_at:
            reasons = [NOT_FOUND, *reasons] if reasons else []
        elif not reasons:
            reasons = [LATER]
        yield {
            "at": at,
            "local_minute": minute,
            "local_weekday": weekday,
            "is_chosen": at == send_at,
            "hour_no": drawable.get(at),
            "reasons": reasons,
        }


def refusals(window: OpenHours, minute: int, weekday: int, holiday: bool) -> list[str]:
    """Give why a window is closed at a local minute: quiet_hours, legal_hours, closed_weekday, public_holiday."""
    reasons = []
    if weekday in window.closed_weekdays:
        reasons.append("closed_weekday")
    if holiday and window.holidays_of:
        reasons.append("public_holiday")
    if not window.daily.allows(minute, weekday, False):
        reasons.append("legal_hours" if window.is_legal else "quiet_hours")
    return reasons
