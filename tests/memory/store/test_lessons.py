"""Lessons in the store: one row per plan, replaced by newer facts, kept where a plan taught nothing."""

from datetime import UTC, datetime

from memory.store.engine import Store
from tests.factories.lessons import a_lesson

AT = datetime(2027, 3, 5, tzinfo=UTC)


def test_what_a_plan_taught_is_kept_once_and_replaced(store: Store) -> None:
    first, newer, other = a_lesson(), a_lesson(0.04, data_version=4), a_lesson(shop_id="sud", plan_id="c" * 64)
    with store.unit_of_work() as uow:
        uow.lessons.put("nord", first.plan_id, [first], 3, AT)
        uow.lessons.put("sud", other.plan_id, [other], 3, AT)
        uow.lessons.put("nord", first.plan_id, [newer], 4, AT)
        uow.lessons.put("nord", "nothing", [], 4, AT)
    with store.read() as uow:
        assert uow.lessons.of("nord") == (newer,)
        assert uow.lessons.read_plans("nord") == {first.plan_id, "nothing"}
        assert uow.lessons.of("sud") == (other,)
        assert uow.lessons.of("west") == ()
