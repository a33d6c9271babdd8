"""A9 over HTTP once more, on PostgreSQL: forged, stale, repeated and reordered calls meet the store's own words."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from agent.assembly import App
from memory.domain.clock import ManualClock
from tests.api.http.test_hooks import (
    hooked,
    test_a9_a_forged_text_message_changes_nothing,
    test_a9_a_provider_s_event_is_taken_once,
    test_a9_a_replay_after_ten_minutes_is_401,
    test_a9_statuses_move_a_message_forward_and_a_dead_number_ends,
    web,
)
from tests.servers.postgres import create_database, drop_database

__all__ = [
    "test_a9_a_forged_text_message_changes_nothing",
    "test_a9_a_provider_s_event_is_taken_once",
    "test_a9_a_replay_after_ten_minutes_is_401",
    "test_a9_statuses_move_a_message_forward_and_a_dead_number_ends",
    "web",
]
pytestmark = [pytest.mark.slow, pytest.mark.postgres]


@pytest.fixture
def app(tmp_path: Path, clock: ManualClock, postgres_address: str) -> Iterator[App]:
    """The installation of the other tests, its store a database of a PostgreSQL."""
    name = f"hooks_{uuid4().hex[:12]}"
    address = create_database(postgres_address, name, template="migrated")
    with hooked(tmp_path / "home", clock, database_url=address) as app:
        assert app.store.engine.dialect.name == "postgresql"
        yield app
    drop_database(postgres_address, name)
