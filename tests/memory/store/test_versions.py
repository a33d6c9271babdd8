import pytest

from memory.domain.clock import ManualClock
from memory.domain.errors import NotFound
from memory.store.engine import Store


def test_a_version_keeps_the_tables_it_does_not_change(any_store: Store, clock: ManualClock) -> None:
    with any_store.unit_of_work() as uow:
        uow.versions.add({"orders": 0, "events": 0}, "first import", clock.now())
        uow.versions.add({"orders": 1}, "second import", clock.now())
    with any_store.read() as uow:
        assert uow.versions.latest().tables == {"orders": 1, "events": 0}
        assert uow.versions.get(1).tables == {"orders": 0, "events": 0}
        assert [version.reason for version in uow.versions.all()] == ["first import", "second import"]


def test_an_empty_installation_stands_at_version_0(any_store: Store) -> None:
    with any_store.read() as uow:
        assert uow.versions.latest() == uow.versions.get(0)
        assert uow.versions.latest().tables == {}


def test_an_unknown_version_is_not_found(any_store: Store) -> None:
    with pytest.raises(NotFound, match="data version 7"), any_store.read() as uow:
        uow.versions.get(7)
