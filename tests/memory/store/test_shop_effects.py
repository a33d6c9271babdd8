"""Learned effects in the store: one row per shop, replaced when they are learned again."""

from memory.store.engine import Store
from tests.factories.learned import kind_effects, shop_effects


def test_a_shop_keeps_what_it_learned_last(store: Store) -> None:
    first, newer, other = shop_effects(), shop_effects(kind_effects(level=0.02)), shop_effects(shop_id="sud")
    with store.unit_of_work() as uow:
        for each in (first, other, newer):
            uow.effects.put(each)
    with store.read() as uow:
        assert uow.effects.get("nord") == newer
        assert uow.effects.get("sud") == other
        assert uow.effects.get("west") is None
