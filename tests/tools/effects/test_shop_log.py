from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from memory.lake.lake import Lake
from tests.factories.decision_log import BATCH, Tables, decided, written
from tests.factories.facts import SHOP, fact
from tools.effects.shop_log import training_rows

AT = datetime(2026, 6, 1, 8, tzinfo=UTC)
AS_OF = AT + timedelta(days=100)


def together(*parts: Tables) -> Tables:
    found: Tables = {}
    for part in parts:
        for name, rows in part.items():
            found.setdefault(name, []).extend(rows)
    return found


def read(
    lake: Lake, *parts: Tables, batches: tuple[str, ...] = (BATCH,), as_of: datetime = AS_OF
) -> list[dict[str, Any]]:
    with lake.open(written(lake, together(*parts)), ["north"]) as view:
        rows = training_rows(view, SHOP, batches, as_of, within_days=90, left_within_days=14)
    return list(rows.to_pylist())


def order(person: int, days: float, number: int = 0) -> Tables:
    row = fact("orders", number, AT + timedelta(days=days), subject_id=f"q{person:06d}")
    return {"orders": [row]}


def one(number: int, *, is_sent: bool = True, **changes: Any) -> Tables:
    return decided(number, AT, is_sent=is_sent, shop_id="north", **changes)


def test_a_row_says_what_was_known_what_chance_did_and_what_came_of_it(lake: Lake) -> None:
    [row] = read(lake, one(1, n_promotional=2, n_value=3, cap_rate=0.5, chance=0.975), order(1, -5), order(1, 5, 1),
                 order(1, 89, 2), order(1, 91, 3))  # fmt: skip
    assert (row["is_sent"], row["send_chance"], row["n_orders_after"]) == (True, 0.975, 2)
    assert (row["load"], row["is_at_risk"], row["heard"], row["risky"]) == (5, True, 5.0, 1.0)
    assert row["orders"] == pytest.approx(0.693, abs=0.001), "one order before, none of those after"
    assert (row["cohort:vip"], row["cohort:first_time"], row["market:DE"]) == (1.0, 0.0, 1.0)
    assert row["message_kind"] == "cross_sell"


def test_what_was_kept_by_chance_is_a_row_too(lake: Lake) -> None:
    [row] = read(lake, one(1, is_sent=False, chance=0.975))
    assert (row["is_sent"], row["send_chance"]) == (False, 0.975)


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_where_chance_had_no_part_there_is_no_row(lake: Lake, chance: float) -> None:
    assert read(lake, one(1, chance=chance)) == []


def test_withheld_people_and_batches_nobody_knows_give_no_rows(lake: Lake) -> None:
    assert read(lake, one(1, arm="control"), one(2), batches=()) == []
    assert len(read(Lake(lake.root / "other"), one(1, arm="control"), one(2))) == 1


def test_a_batch_whose_money_ran_out_teaches_nothing_of_its_plan(lake: Lake) -> None:
    rows = read(lake, one(1), one(2, is_sent=False, reason="budget"), one(3, plan_id="other"))
    assert [row["plan_id"] for row in rows] == ["other"]


def test_windows_that_are_not_over_are_not_known(lake: Lake) -> None:
    [row] = read(lake, one(1), as_of=AT + timedelta(days=20))
    assert (row["is_order_known"], row["is_leaving_known"]) == (False, True)


def test_complaints_and_unsubscribes_within_two_weeks_are_leaving(lake: Lake) -> None:
    def gone(person: int, days: float, kind: str) -> Tables:
        row = fact("events", person, AT + timedelta(days=days), subject_id=f"q{person:06d}", kind=kind)
        return {"events": [row]}

    rows = read(lake, *[one(number) for number in range(4)], gone(0, 3, "unsubscribe"), gone(1, 15, "complaint"),
                gone(2, 1, "complaint"), gone(3, 1, "view"))  # fmt: skip
    assert [row["has_left"] for row in rows] == [True, False, True, False]


def test_consent_taken_back_is_leaving(lake: Lake) -> None:
    row = fact("consents", 1, AT + timedelta(days=2), subject_id="q000001", status="revoked")
    [found] = read(lake, one(1), {"consents": [row]})
    assert found["has_left"]


def test_people_who_were_merged_since_bring_their_orders(lake: Lake) -> None:
    tables = together(one(1), order(7, 5))
    versions = written(lake, tables)
    moved = pa.table({"subject_id": ["q000001"], "person_id": ["q000007"]})
    versions["identities"] = lake.append("identities", moved, after=None)
    with lake.open(versions, ["north"]) as view:
        rows = training_rows(view, SHOP, [BATCH], AS_OF, within_days=90, left_within_days=14).to_pylist()
    assert [row["n_orders_after"] for row in rows] == [1]
