"""The A and B cases of hand-off once more, on PostgreSQL: the same tests, another database behind the desk."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from eval.faults.databases import copy_to_postgres
from memory.domain.clock import ManualClock
from memory.store.engine import Store, open_store
from tests.agent.dispatch.conftest import Desk
from tests.agent.dispatch.test_asked import (
    test_s2_68_a_message_does_not_leave_where_another_channel_was_asked_for_since,
    test_s2_68_a_second_channel_gives_way_whatever_its_step,
    test_s2_68_what_was_decided_with_the_wish_in_view_keeps_its_channel,
)
from tests.agent.dispatch.test_breaker import (
    test_a3_messages_that_are_refused_themselves_open_nothing,
    test_a6_it_half_opens_lets_one_through_and_closes_when_that_works,
)
from tests.agent.dispatch.test_clock_ahead import (
    test_a8_a_lease_by_a_clock_ahead_ends_a_lease_after_it_is_back,
    test_a8_what_a_clock_far_ahead_held_goes_as_soon_as_it_is_back,
)
from tests.agent.dispatch.test_hand import (
    test_a2_an_ambiguous_hand_off_to_a_blind_provider_is_never_sent_again,
    test_a2_an_ambiguous_hand_off_to_a_keyed_provider_is_repeated_under_the_same_key,
    test_a4_a_worker_that_lost_its_lease_does_not_hand_off,
    test_a5_a_body_that_changed_since_the_first_hand_off_is_never_sent_under_its_key,
    test_a5_past_the_life_of_a_key_nothing_is_repeated,
    test_i2_every_message_ends_in_exactly_one_state,
)
from tests.agent.dispatch.test_poison import (
    test_a3_one_poisoned_recipient_fails_alone_and_a_retry_sends_nobody_twice,
)
from tests.agent.dispatch.test_revocation import (
    Place,
    test_b1_a_check_at_the_claim_alone_is_caught,
    test_b1_either_checker_alone_stops_it_right_before_the_hand_off,
    test_b1_i3_no_order_of_events_hands_off_after_a_revocation,
)
from tests.agent.dispatch.test_second import (
    test_b2_one_address_has_one_cap_whoever_it_belongs_to,
    test_b2_unknown_keeps_its_slot_and_only_a_sure_refusal_gives_it_back,
    test_b3_a_message_whose_hour_ends_between_claim_and_hand_off_waits,
    test_b3_held_messages_come_back_spread_and_never_burst,
)
from tests.agent.dispatch.test_sms_cost import (
    test_b9_over_the_step_s_cost_or_the_plan_s_budget_it_is_suppressed_with_the_reason,
)
from tests.agent.dispatch.test_wishes import (
    test_b4_records_that_share_no_address_share_no_cap,
    test_b4_two_customer_ids_with_one_address_share_its_cap,
    test_b4_who_unsubscribes_an_address_unsubscribes_everybody_who_has_it,
)
from tests.agent.runs.test_switch import (
    test_a10_a_stop_in_the_middle_of_a_batch_stops_the_very_next_hand_off,
)
from tests.factories.doing import LIVE_AT, World
from tests.servers.postgres import create_database, drop_database

__all__ = [
    "test_a2_an_ambiguous_hand_off_to_a_blind_provider_is_never_sent_again",
    "test_a2_an_ambiguous_hand_off_to_a_keyed_provider_is_repeated_under_the_same_key",
    "test_a3_messages_that_are_refused_themselves_open_nothing",
    "test_a3_one_poisoned_recipient_fails_alone_and_a_retry_sends_nobody_twice",
    "test_a4_a_worker_that_lost_its_lease_does_not_hand_off",
    "test_a5_a_body_that_changed_since_the_first_hand_off_is_never_sent_under_its_key",
    "test_a5_past_the_life_of_a_key_nothing_is_repeated",
    "test_a6_it_half_opens_lets_one_through_and_closes_when_that_works",
    "test_a8_a_lease_by_a_clock_ahead_ends_a_lease_after_it_is_back",
    "test_a8_what_a_clock_far_ahead_held_goes_as_soon_as_it_is_back",
    "test_a10_a_stop_in_the_middle_of_a_batch_stops_the_very_next_hand_off",
    "test_b1_a_check_at_the_claim_alone_is_caught",
    "test_b1_either_checker_alone_stops_it_right_before_the_hand_off",
    "test_b1_i3_no_order_of_events_hands_off_after_a_revocation",
    "test_b2_one_address_has_one_cap_whoever_it_belongs_to",
    "test_b2_unknown_keeps_its_slot_and_only_a_sure_refusal_gives_it_back",
    "test_b3_a_message_whose_hour_ends_between_claim_and_hand_off_waits",
    "test_b3_held_messages_come_back_spread_and_never_burst",
    "test_b4_records_that_share_no_address_share_no_cap",
    "test_b4_two_customer_ids_with_one_address_share_its_cap",
    "test_b4_who_unsubscribes_an_address_unsubscribes_everybody_who_has_it",
    "test_b9_over_the_step_s_cost_or_the_plan_s_budget_it_is_suppressed_with_the_reason",
    "test_i2_every_message_ends_in_exactly_one_state",
    "test_s2_68_a_message_does_not_leave_where_another_channel_was_asked_for_since",
    "test_s2_68_a_second_channel_gives_way_whatever_its_step",
    "test_s2_68_what_was_decided_with_the_wish_in_view_keeps_its_channel",
]
pytestmark = [pytest.mark.slow, pytest.mark.postgres]
PLANNED = "planned_messages"


@pytest.fixture(scope="module")
def planned_on_postgres(postgres_address: str, planned_database: tuple[Path, World]) -> str:
    copy_to_postgres(planned_database[0], postgres_address, PLANNED)
    return postgres_address


@contextmanager
def _opened(address: str) -> Iterator[Store]:
    """Open a copy of the planned store as a database of its own."""
    name = f"desk_{uuid4().hex[:12]}"
    store = open_store(create_database(address, name, template=PLANNED))
    try:
        yield store
    finally:
        store.close()
        drop_database(address, name)


@pytest.fixture
def desk(planned_on_postgres: str, planned_database: tuple[Path, World]) -> Iterator[Desk]:
    """The desk of the other tests, on a database of its own."""
    with _opened(planned_on_postgres) as store:
        made = Desk(store, ManualClock(LIVE_AT), planned_database[1])
        made.to_noon()
        yield made


@pytest.fixture
def place(planned_on_postgres: str, planned_database: tuple[Path, World]) -> Place:
    """Where the machine of B1 finds its stores; fewer runs than on SQLite, as each makes a database."""
    return Place(lambda: _opened(planned_on_postgres), planned_database[1], n_examples=10)


def test_every_desk_here_is_on_postgresql(desk: Desk) -> None:
    assert desk.store.engine.dialect.name == "postgresql"
    assert len(desk.planned()) > 40


def test_every_place_here_is_on_postgresql(place: Place) -> None:
    with place.opened() as store:
        assert store.engine.dialect.name == "postgresql"
