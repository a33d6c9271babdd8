"""A channel that a person asked for after the decision: another one does not leave in its place, and says why."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from agent.dispatch import DispatchReport, dispatch
from agent.dispatch.asked import PREFERRED
from agent.reports.decision_words import say_reason
from agent.tick import go_live, tick
from memory.domain.clock import ManualClock
from memory.domain.preference import Preference
from memory.lake.lake import Lake
from memory.store.contacts import ContactRow
from memory.store.engine import open_store
from memory.store.instants import from_micros
from memory.store.outbox import OutboxRow
from memory.store.tables import metadata
from tests.agent.dispatch.conftest import KEY, Desk
from tests.agent.tick.test_run import Running
from tests.factories import planning
from tests.factories.doing import LIVE_AT, a_world
from tools.channels.memory import MemorySender

pytestmark = pytest.mark.slow
BOTH = "first_time.new_year_picks"
"""A step by mail or push."""


def reachable(running: Desk | Running, person: str, **changes: Any) -> None:
    """Let the person be reached by push."""
    with running.store.unit_of_work() as uow:
        row = uow.session.get_one(ContactRow, ("nord", person))
        row.push_token = changes.pop("push_token", "a token")
        uow.session.add(row)
        uow.session.flush()
        given = {"consent_push": True, "is_suppressed_push": False, **changes}
        uow.person_state.upsert("nord", pa.table({"person_id": [person], **{n: [v] for n, v in given.items()}}))


def ask(running: Desk | Running, person: str, after: timedelta = timedelta(hours=1), channel: Any = "push") -> None:
    """Let the person ask for a channel, so long after the decision."""
    with running.store.unit_of_work() as uow:
        uow.preferences.put("nord", person, Preference(channel=channel), LIVE_AT + after)


def of_both(desk: Desk, **changes: Any) -> Any:
    """Make the first planned mail one of a step that also goes by push; its certificate is of another step then."""
    first = desk.planned()[0]
    with desk.store.unit_of_work() as uow:
        row = uow.session.get_one(OutboxRow, first.send_key)
        for name, value in {"step_id": BOTH, **changes}.items():
            setattr(row, name, value)
        uow.session.add(row)
    return first


def hand_off(desk: Desk, *channels: str) -> DispatchReport:
    senders: Any = {channel: MemorySender(desk.clock) for channel in channels or ("email", "push")}
    return dispatch(desk.store, senders, desk.clock, KEY, "nord")


def test_s2_68_a_message_does_not_leave_where_another_channel_was_asked_for_since(desk: Desk) -> None:
    first = of_both(desk)
    reachable(desk, first.person_id)
    ask(desk, first.person_id)
    assert hand_off(desk).suppressed == {PREFERRED: 1}
    assert desk.counts()[("suppressed", PREFERRED)] == 1


@pytest.mark.parametrize(
    ("state", "token", "channels"),
    [
        ({"consent_push": False}, "a token", ("email", "push")),
        ({"is_suppressed_push": True}, "a token", ("email", "push")),
        ({}, "", ("email", "push")),
        ({}, "a token", ("email",)),
    ],
    ids=["no consent", "suppressed", "no address", "no provider"],
)
def test_s2_68_a_wish_that_cannot_be_met_keeps_no_message_back(
    desk: Desk, state: dict[str, bool], token: str, channels: tuple[str, ...]
) -> None:
    first = of_both(desk)
    reachable(desk, first.person_id, push_token=token, **state)
    ask(desk, first.person_id)
    assert PREFERRED not in hand_off(desk, *channels).suppressed


@pytest.mark.parametrize("after", [timedelta(hours=-1), timedelta()], ids=["before", "at the slot"])
def test_s2_68_what_was_decided_with_the_wish_in_view_keeps_its_channel(desk: Desk, after: timedelta) -> None:
    """Another change of the same page later does not make the wish a later one."""
    first = of_both(desk)
    reachable(desk, first.person_id)
    ask(desk, first.person_id, after)
    with desk.store.unit_of_work() as uow:
        wish = Preference(channel="push", topics_off=("feedback",))
        uow.preferences.put("nord", first.person_id, wish, LIVE_AT + timedelta(hours=2))
    assert PREFERRED not in hand_off(desk).suppressed


@pytest.mark.parametrize(("hours", "is_later"), [(1, False), (3, True)], ids=["before it ran", "after it ran"])
def test_s2_68_a_tick_that_came_late_knew_what_was_asked_for_before_it_ran(
    tmp_path: Path, hours: int, is_later: bool
) -> None:
    store, lake, clock = open_store(f"sqlite:///{tmp_path / 'store.db'}"), Lake(tmp_path / "lake"), ManualClock(LIVE_AT)
    metadata.create_all(store.engine)
    world = a_world(store, lake, 20)
    go_live(store, lake, clock, KEY, world.approved)
    late = Desk(store, clock, world)
    for person in world.people if not is_later else ():
        ask(late, person, timedelta(hours=hours))
    clock.advance(timedelta(hours=2))
    tick(store, lake, clock, KEY, "nord", LIVE_AT, seed=1, slot=timedelta(days=2), exploration_rate=0.0)
    late.to_noon()
    first = of_both(late)
    reachable(late, first.person_id)
    if is_later:
        ask(late, first.person_id, timedelta(hours=hours))
    assert (hand_off(late).suppressed == {PREFERRED: 1}) == is_later
    store.close()


def test_s2_68_a_step_that_does_not_go_there_leaves_as_decided(desk: Desk) -> None:
    first = desk.planned()[0]
    reachable(desk, first.person_id)
    ask(desk, first.person_id)
    n = len(desk.planned())
    assert hand_off(desk).n_sent == n


def test_s2_68_a_second_channel_gives_way_whatever_its_step(desk: Desk) -> None:
    first = of_both(desk, step_id=desk.planned()[0].step_id, first_key="of the first message")
    reachable(desk, first.person_id)
    ask(desk, first.person_id)
    assert hand_off(desk).suppressed == {PREFERRED: 1}


def test_s2_68_a_channel_that_the_guardrails_shut_is_not_waited_for(desk: Desk) -> None:
    first = of_both(desk)
    reachable(desk, first.person_id)
    ask(desk, first.person_id)
    with desk.store.unit_of_work() as uow:
        rails = planning.guardrails(channels=("email", "sms"))
        uow.guardrails.put("nord", rails, by="mia", at=desk.clock.now(), note="no push")
    report = hand_off(desk)
    assert (report.suppressed, set(report.held)) == ({}, {"guardrails_changed"})


def test_s2_68_receipts_are_owed_whatever_was_asked_for(desk: Desk) -> None:
    first = of_both(desk, message_class="transactional")
    reachable(desk, first.person_id)
    ask(desk, first.person_id)
    assert PREFERRED not in hand_off(desk).suppressed


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("asked"))
    running.tick(45, hours=24 * 10, rate=0.0)
    yield running
    running.store.close()


def test_s2_68_of_all_whose_mail_a_tick_decided_only_who_asked_since_gets_none(live: Running) -> None:
    """Nothing is changed by hand: a real decision, a wish after it, and the hand-off."""
    with live.store.read() as uow:
        until = LIVE_AT + timedelta(days=90)
        due = [row for row in uow.outbox.due("nord", "email", until, 1_000, lock=False) if row.step_id == BOTH]
    assert len(due) > 10
    asked, other = due[0], due[1]
    for row in (asked, other):
        reachable(live, row.person_id)
    ask(live, asked.person_id, timedelta(days=45, hours=1))
    ask(live, other.person_id, timedelta(days=45, hours=1), channel="email")
    live.clock.set(from_micros(max(row.send_at for row in due)) + timedelta(hours=1))
    mails: Any = MemorySender(live.clock)
    report = dispatch(live.store, {"email": mails, "push": MemorySender(live.clock)}, live.clock, KEY, "nord")
    assert report.suppressed[PREFERRED] == 1
    assert asked.send_key not in mails.messages
    assert other.send_key in mails.messages


def test_the_reason_has_words_in_both_languages() -> None:
    assert say_reason(PREFERRED, "en") == "the person asked for another channel after this was decided"
    assert say_reason(PREFERRED, "zh") == "决定之后此人要求改用另一渠道"
