"""Hours that were considered: the first open one is chosen, every closed one says which rule closes it."""

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from agent.tick.due import DUE_SCHEMA, Place, due_row
from agent.tick.hours import HourRules, Hours
from agent.tick.times import N_HOURS, refusals, times_table
from memory.domain.guardrails import Guardrails, QuietHours
from tests.factories.planning import a_shop, guardrails
from tests.factories.plans import good_plan
from tools.markets import load_markets
from tools.timing import LATER_MINUTES, OpenHours

MARKETS = {market.country: market for market in load_markets().all()}


def considered(due_at: datetime, limits: Guardrails) -> list[dict[str, Any]]:
    plan = good_plan()
    step = next(step for step in plan.steps() if step.message_class == "service")
    place = Place("DE", "Europe/Berlin")
    row = due_row("j", "vip", step, "email", place, MARKETS, a_shop(), limits, due_at)
    due = pa.Table.from_pylist([row, row | {"cohort": "first_time"}], schema=DUE_SCHEMA)
    found: list[dict[str, Any]] = times_table(
        due, HourRules(plan, limits, MARKETS, due_at, 0.0, Hours(LATER_MINUTES)), "b"
    ).to_pylist()
    return found


def test_s2_23_an_open_planned_hour_is_taken_and_the_others_say_why_not() -> None:
    rows = considered(datetime(2026, 12, 2, 9, tzinfo=UTC), guardrails())
    assert len(rows) == N_HOURS  # once per place, not once per cohort
    assert [row["local_minute"] for row in rows if row["is_chosen"]] == [600]
    assert all(row["reasons"] for row in rows if not row["is_chosen"])
    assert {"later_than_needed", "quiet_hours"} <= {reason for row in rows for reason in row["reasons"]}


def test_s2_23_a_closed_planned_hour_is_refused_and_the_first_open_one_taken() -> None:
    limits = guardrails().model_copy(update={"quiet_hours": QuietHours(opens_minute=510, closes_minute=1200)})
    rows = considered(datetime(2026, 12, 2, 4, tzinfo=UTC), limits)
    chosen = next(row for row in rows if row["is_chosen"])
    assert chosen["local_minute"] == 510
    before = [row for row in rows if row["at"] < chosen["at"]]
    assert [row["reasons"] for row in before] == [["quiet_hours"]] * 4


def test_s2_23_each_kind_of_closing_has_its_own_name() -> None:
    window = OpenHours(opens_minute=480, closes_minute=1200, closed_weekdays=(6,), holidays_of="FR", is_legal=True)
    assert refusals(window, 600, 0, False) == []
    assert refusals(window, 600, 6, False) == ["closed_weekday"]
    assert refusals(window, 600, 0, True) == ["public_holiday"]
    assert refusals(window, 60, 6, True) == ["closed_weekday", "public_holiday", "legal_hours"]
    assert refusals(OpenHours(opens_minute=480, closes_minute=1200), 60, 6, True) == ["quiet_hours"]
