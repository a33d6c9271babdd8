import pytest

from memory.domain.errors import Conflict, NotFound
from memory.domain.market import Shop
from memory.store.engine import Store
from tests.factories.shop import a_shop


def test_a_shop_comes_back_as_it_was_added(store: Store, shop: Shop) -> None:
    with store.read() as uow:
        assert uow.shops.get("alpha") == shop
        assert uow.shops.all() == (shop,)


def test_a_taken_id_is_a_conflict_and_changes_nothing(store: Store, shop: Shop) -> None:
    with pytest.raises(Conflict), store.unit_of_work() as uow:
        uow.shops.add(a_shop(name="Another"))
    with store.read() as uow:
        assert uow.shops.get("alpha").name == "Alpha"


def test_an_unknown_shop_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound), store.read() as uow:
        uow.shops.get("nowhere")
