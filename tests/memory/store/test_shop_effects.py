"""Learned effects in the store: one row per shop, replaced when they are learned again."""

from datetime import UTC, datetime, timedelta

from memory.store.engine import Store
from tests.factories.learned import kind_effects, shop_effects
from tests.tools.effects.test_kept import boosted, stump
from tools.effects.kept import tables_of


def test_a_shop_keeps_what_it_learned_last(store: Store) -> None:
    first, newer, other = shop_effects(), shop_effects(kind_effects(level=0.02)), shop_effects(shop_id="sud")
    with store.unit_of_work() as uow:
        for each in (first, other, newer):
            uow.effects.put(each)
    with store.read() as uow:
        assert uow.effects.get("nord") == newer
        assert uow.effects.get("sud") == other
        assert uow.effects.get("west") is None


def test_trees_stand_beside_the_table_and_go_with_it(store: Store) -> None:
    trees = stump()
    found = boosted(trees)
    with store.unit_of_work() as uow:
        uow.effects.put(found)
    with store.read() as uow:
        kept, table = uow.effects.trees("nord"), uow.effects.get("nord")
        assert uow.effects.trees("west") == ""
    assert "trees" not in found.model_dump(mode="json")["kinds"][0]["boosted"], (
        "no reader of the table has to carry them"
    )
    assert table is not None and table.model_dump() == found.model_dump()
    assert set(tables_of(table, kept).trees) == {"january_mission"}
    with store.unit_of_work() as uow:
        uow.effects.put(shop_effects())
        assert uow.effects.trees("nord") == ""


def test_learning_begins_once_a_day_whoever_asks(store: Store) -> None:
    day, now = timedelta(days=1), datetime(2026, 12, 1, 6, tzinfo=UTC)

    def begins(shop_id: str, at: datetime) -> bool:
        with store.unit_of_work() as uow:
            return uow.effects.begin(shop_id, at, day)

    assert begins("nord", now)
    assert not begins("nord", now + timedelta(hours=23))
    assert begins("sud", now + timedelta(hours=23))
    assert begins("nord", now + day)
    assert begins("nord", now), "what a clock that was ahead noted counts for nothing"
