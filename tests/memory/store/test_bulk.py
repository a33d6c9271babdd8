"""Many rows go in with one statement, on SQLite and PostgreSQL alike."""

from typing import Any, cast

import pyarrow as pa

from memory.store.bulk import insert_new
from memory.store.engine import Store
from memory.store.outbox import OutboxRow

MESSAGE = {
    "shop_id": "alpha", "plan_id": "plan", "batch_id": "b", "step_id": "step", "person_id": "p", "cohort": "first_time",
    "channel": "email", "message_kind": "thank_you", "message_class": "service", "template": "thank_you", "due_at": 1,
    "send_at": 1, "cost_millis": 10,
}  # fmt: skip
TABLE = cast(Any, OutboxRow).__table__


def _rows(n: int) -> list[dict[str, Any]]:
    return [{"send_key": f"k{number}", **MESSAGE} for number in range(n)]


def _row(store: Store, key: str) -> OutboxRow:
    with store.read() as uow:
        found = uow.outbox.get(key)
    assert found is not None
    return found


def test_a_row_whose_key_is_taken_is_left_as_it_is_and_not_counted(any_store: Store) -> None:
    rows = _rows(3)
    with any_store.unit_of_work() as uow:
        assert uow.outbox.plan_table(pa.Table.from_pylist(rows[:2])) == 2
        changed = [row | {"cohort": "vip"} for row in rows]
        assert uow.outbox.plan_table(pa.Table.from_pylist(changed)) == 1
    assert [_row(any_store, row["send_key"]).cohort for row in rows] == ["first_time", "first_time", "vip"]


def test_what_is_not_named_gets_the_defaults_of_the_table(any_store: Store) -> None:
    [row] = _rows(1)
    with any_store.unit_of_work() as uow:
        columns = [[value] for value in row.values()]
        assert insert_new(uow.session.connection(), TABLE, list(row), columns) == 1
    found = _row(any_store, row["send_key"])
    assert (found.state, found.fence, found.reason, found.receipt, found.held_at) == ("planned", 0, "", "", 0)


def test_no_rows_are_no_statement(any_store: Store) -> None:
    with any_store.unit_of_work(is_large=True) as uow:
        assert insert_new(uow.session.connection(), TABLE, ["send_key"], [[]]) == 0
