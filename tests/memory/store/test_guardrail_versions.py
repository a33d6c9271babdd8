from datetime import timedelta

import pytest

from memory.domain.clock import ManualClock
from memory.domain.errors import NotFound, NotReady
from memory.store.engine import Store
from tests.factories.planning import guardrails


def test_the_last_one_put_is_in_force_and_all_are_kept(any_store: Store, clock: ManualClock) -> None:
    first, second = guardrails(), guardrails(min_holdout_rate=0.1)
    with any_store.unit_of_work() as uow:
        for number, rails in enumerate((first, second, second, first)):
            assert uow.guardrails.put("nord", rails, "mia", clock.now() + timedelta(days=number)) == rails.version
    with any_store.read() as uow:
        assert uow.guardrails.current("nord") == first
        assert uow.guardrails.get(second.version) == second
        assert [each.version for each in uow.guardrails.history("nord")] == [
            first.version, second.version, first.version,
        ]  # fmt: skip


def test_without_guardrails_a_shop_is_not_ready(store: Store) -> None:
    with store.read() as uow:
        with pytest.raises(NotReady, match="guardrails"):
            uow.guardrails.current("nord")
        with pytest.raises(NotFound):
            uow.guardrails.get("0" * 64)
