"""The log of messages: who could have gone either way, and whether an order followed within a week."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from memory.lake.lake import Lake
from tests.factories.decision_log import BATCH, Tables, decided, written
from tests.factories.facts import SHOP, fact
from tools.timing.response_log import FIRST_SCHEMA, response_rows

AT = datetime(2026, 6, 1, 8, tzinfo=UTC)
AS_OF = AT + timedelta(days=30)
FIRSTS = pa.table([["plan"], ["vip.cross_sell"], ["email"]], schema=FIRST_SCHEMA)


def message(number: int, hour: int | None = 1, reason: str = "explored", **of_decision: Any) -> Tables:
    """A message whose mail had half a chance beside a push and whose hour was drawn."""
    tables = decided(number, AT, is_sent=True, shop_id="north", chance=0.5, reason=reason)
    [decision], [option] = tables["decisions"], tables["decision_options"]
    drawn = {"hour_no": hour, "hour_propensity": 0.25, "hour_choices": [0, 1, 2]} if hour is not None else {}
    decision |= drawn | of_decision
    option["send_at"] = AT
    other = option | {"option_id": "vip.cross_sell:push", "channel": "push"}
    tables["decision_options"] = [option, other, other | {"option_id": "x", "channel": "sms", "propensity": 0.0}]
    return tables


def order(person: int, days: float, number: int = 0) -> Tables:
    return {"orders": [fact("orders", 100 + number, AT + timedelta(days=days), subject_id=f"q{person:06d}")]}


def read(
    lake: Lake, *parts: Tables, batches: tuple[str, ...] = (BATCH,), as_of: datetime = AS_OF
) -> list[dict[str, Any]]:
    tables: Tables = {}
    for part in parts:
        for name, rows in part.items():
            tables.setdefault(name, []).extend(rows)
    with lake.open(written(lake, tables), ["north"]) as view:
        found: list[dict[str, Any]] = response_rows(view, SHOP, batches, FIRSTS, as_of).to_pylist()
    return found


def test_a_row_says_what_went_what_else_could_and_what_came_of_it(lake: Lake) -> None:
    rows = read(lake, message(1), message(2), message(3), order(1, 6.9), order(2, 7.1, 1), order(3, -0.1, 2))
    assert [row["has_order"] for row in rows] == [True, False, False]
    [row, *_] = rows
    assert (row["cohort"], row["channel"], row["first_channel"], row["propensity"]) == ("vip", "email", "email", 0.5)
    assert sorted(row["channels"]) == ["email", "push"], "what had no chance could not have gone"
    assert (row["hour_no"], row["hour_propensity"], row["hour_choices"]) == (1, 0.25, [0, 1, 2])


def test_messages_from_before_hours_were_drawn_have_none(lake: Lake) -> None:
    [row] = read(lake, message(1, hour=None))
    assert row["hour_no"] is row["hour_choices"] is None


@pytest.mark.parametrize("change", [{"arm": "control"}, {"is_fallback": True}, {"chosen": "none"}, {"shop_id": "else"}])
def test_what_no_chance_of_ours_sent_is_left_out(lake: Lake, change: dict[str, Any]) -> None:
    assert [row["person_id"] for row in read(lake, message(1, **change), message(2))] == ["q000002"]


def test_a_batch_whose_money_ran_out_and_one_nobody_names_are_left_out(lake: Lake) -> None:
    assert read(lake, message(1), message(2, reason="budget")) == []
    assert read(Lake(lake.root / "other"), message(1), batches=()) == []


def test_a_window_that_is_not_over_says_nothing_yet(lake: Lake) -> None:
    assert read(lake, message(1), as_of=AT + timedelta(days=6)) == []
