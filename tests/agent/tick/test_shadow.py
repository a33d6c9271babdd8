"""A plan in the shadow decides, checks and claims as a live one, and nothing of it leaves."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from agent.dispatch import dispatch
from agent.reports.shadow import report_shadow
from agent.tick import go_live, start_shadow, tick
from memory.domain.clock import ManualClock
from memory.domain.errors import NotReady
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.factories.approvals import MIA
from tests.factories.doing import LIVE_AT, World, a_world
from tools.channels.memory import MemorySender
from tools.markets import load_markets

pytestmark = pytest.mark.slow
KEY = b"a key for tests only, 32 bytes.."
Shadow = tuple[Store, Lake, ManualClock, World]


@pytest.fixture
def shadow(store: Store, tmp_path: Path) -> Iterator[Shadow]:
    lake, clock = Lake(tmp_path / "lake"), ManualClock(LIVE_AT)
    world = a_world(store, lake, 30)
    start_shadow(store, lake, clock, KEY, MIA, world.plan)
    tick(store, lake, clock, KEY, "nord", LIVE_AT, seed=1, slot=timedelta(days=2), exploration_rate=0.0)
    clock.set(LIVE_AT + timedelta(days=1, hours=10))
    yield store, lake, clock, world


def test_it_reports_what_would_have_left_and_why_the_rest_would_not(shadow: Shadow) -> None:
    store, lake, clock, world = shadow
    with store.unit_of_work() as uow:
        uow.consents.revoke("nord", world.people[0], "email", clock.now(), "one_click", "link")
    sender = MemorySender(clock)
    report = dispatch(store, {"email": sender}, clock, KEY, "nord")
    assert sender.messages == {} and report.n_sent == 0
    found = report_shadow(store, lake, KEY, world.plan, load_markets(), "http://127.0.0.1:8080")
    assert found.n_would_have_sent == report.suppressed["would_have_sent"] > 10
    assert found.not_chosen["control"] > 0
    assert found.samples and "Zoë" not in "".join(sample.text for sample in found.samples)


def test_going_live_ends_it_keeps_its_people_and_sends_nothing_twice(shadow: Shadow) -> None:
    store, lake, clock, world = shadow
    dispatch(store, {"email": MemorySender(clock)}, clock, KEY, "nord")
    gone = go_live(store, lake, clock, KEY, world.approved)
    assert gone.n_treated + gone.n_control == 30
    sender = MemorySender(clock)
    dispatch(store, {"email": sender}, clock, KEY, "nord")
    assert sender.messages == {}  # what the shadow would have sent has passed
    with store.read() as uow:
        assert uow.plans.get(world.plan.id).status == "live"
    with pytest.raises(NotReady, match="shadow"):
        report_shadow(store, lake, KEY, world.plan, load_markets(), "http://127.0.0.1:8080")
