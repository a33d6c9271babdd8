"""A9 once more, on PostgreSQL: events in every order and again, STOP of strangers, and the intake of shops' systems."""

from collections.abc import Sequence
from itertools import permutations

import pytest

from memory.domain.delivery import DELIVERY_STATES
from memory.store.engine import Store
from tests.agent.hooks.test_answers import test_b9_a_stop_of_an_unknown_number_is_kept_for_its_address, uow
from tests.agent.hooks.test_events import (
    now,
    test_a9_a_message_is_found_by_the_provider_s_receipt_and_only_in_its_shop,
    test_a9_in_all_orders_a_message_only_moves_forward_and_the_complaint_stays,
    test_a9_the_same_id_again_changes_nothing_even_days_later,
)
from tests.tools.live.conftest import live
from tests.tools.live.test_accept import (
    test_a9_a_replay_under_a_coming_id_keeps_the_real_one_in,
    test_a9_the_same_delivery_twice_is_one,
)
from tests.tools.live.test_flush import (
    test_a9_a_delivery_flushed_twice_changes_nothing,
    test_a9_three_days_late_is_not_too_late,
)

__all__ = [
    "live",
    "now",
    "test_a9_a_delivery_flushed_twice_changes_nothing",
    "test_a9_a_message_is_found_by_the_provider_s_receipt_and_only_in_its_shop",
    "test_a9_a_replay_under_a_coming_id_keeps_the_real_one_in",
    "test_a9_in_all_orders_a_message_only_moves_forward_and_the_complaint_stays",
    "test_a9_the_same_delivery_twice_is_one",
    "test_a9_the_same_id_again_changes_nothing_even_days_later",
    "test_a9_three_days_late_is_not_too_late",
    "test_b9_a_stop_of_an_unknown_number_is_kept_for_its_address",
    "uow",
]
pytestmark = [pytest.mark.slow, pytest.mark.postgres]


@pytest.fixture
def store(postgres_store: Store) -> Store:
    """The store of the other tests, on PostgreSQL."""
    assert postgres_store.engine.dialect.name == "postgresql"
    return postgres_store


@pytest.fixture
def orders() -> Sequence[tuple[str, ...]]:
    """Every eleventh order; on SQLite the same test takes all."""
    return list(permutations(DELIVERY_STATES))[::11]
