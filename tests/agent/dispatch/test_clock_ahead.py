"""A8: what a clock wrote that was ahead is looked at again once it is back; what a right one wrote stands."""

from datetime import timedelta
from typing import Any

import pytest

from agent.dispatch import claim
from memory.domain.circuit import FIRST_REST, LONGEST_REST, Circuit
from memory.domain.clock import SKEW
from memory.domain.message import Accepted, Ambiguous, Refused, Rendered
from memory.store.ahead import Ahead
from memory.store.instants import to_micros
from tests.agent.dispatch.conftest import Desk, Scripted

pytestmark = pytest.mark.slow
AHEAD = timedelta(hours=11)
"""From noon into the night."""
AWAKE = timedelta(hours=2)
"""To another hour at which both zones are open."""
LEASE = claim.LEASE


def provider(desk: Desk, *answers: Any, **more: Any) -> Scripted:
    return Scripted(answers or [Accepted(receipt="r", at=desk.clock.now())], **more)


def held(desk: Desk) -> set[str]:
    return {row.send_key for row in desk.planned() if row.held_at}


def hold_ahead(desk: Desk, by: timedelta = AHEAD) -> tuple[Scripted, set[str]]:
    """Let a clock that is ahead by so much look at everything, and set it back; give the sender and what waits."""
    sender = provider(desk)
    desk.clock.advance(by)
    assert desk.run(sender).held["quiet_hours"] > 20
    desk.clock.advance(-by)
    return sender, held(desk)


def test_a8_what_a_clock_far_ahead_held_goes_as_soon_as_it_is_back(desk: Desk) -> None:
    n = len(desk.planned())
    sender, waiting = hold_ahead(desk)
    assert desk.run(sender).n_sent == len(waiting)
    assert len({one.send_key for one in sender.journal}) == len(sender.journal) == n


def test_a8_planted_a_wait_that_counts_before_it_was_written_is_caught(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ahead, "any", lambda *_: False)
    sender, _ = hold_ahead(desk)
    assert desk.run(sender).n_sent == 0


def test_a8_what_is_looked_at_again_is_looked_at_by_the_hours_of_now(desk: Desk) -> None:
    """Set back by a day into the night before: it waits again, by this clock's own instant."""
    sender, waiting = hold_ahead(desk, AHEAD + timedelta(days=1))
    desk.clock.advance(timedelta(hours=9))
    assert desk.run(sender).n_sent == 0
    assert {row.send_key for row in desk.planned() if row.held_at == to_micros(desk.clock.now())} == waiting
    desk.clock.advance(timedelta(hours=15))
    assert desk.run(sender).n_sent == len(waiting)


@pytest.mark.parametrize("back", [timedelta(0), SKEW])
def test_a8_a_wait_by_a_clock_that_is_right_or_nearly_stands(desk: Desk, back: timedelta) -> None:
    desk.clock.advance(AHEAD)
    sender = provider(desk)
    desk.run(sender)
    before = [(row.send_key, row.send_at) for row in desk.planned()]
    desk.clock.advance(-back)
    assert desk.run(sender).n_sent == 0
    assert [(row.send_key, row.send_at) for row in desk.planned()] == before


def test_a8_a_retry_that_waits_by_a_clock_ahead_is_tried_once_it_is_back(desk: Desk) -> None:
    desk.clock.advance(AWAKE)
    busy = Refused(reason="busy", is_retryable=True, after_seconds=1800)
    sender = provider(desk, busy, Accepted(receipt="r", at=desk.clock.now()))
    assert desk.run(sender, limit=1).n_retry == 1
    assert desk.run(sender, limit=1).n_sent == 1  # the wait stands: another message goes
    desk.clock.advance(-AWAKE)
    first = sender.journal[0].send_key
    desk.run(sender)
    assert [one.send_key for one in sender.journal].count(first) == 2


@pytest.mark.parametrize("kind", ["keyed", "blind"])
def test_a8_a_lease_by_a_clock_ahead_ends_a_lease_after_it_is_back(desk: Desk, kind: Any) -> None:
    """A worker dies with its claims; the heir need not wait for the instant the clock had shown."""

    def die(_: Rendered) -> None:
        raise KeyboardInterrupt

    desk.clock.advance(AWAKE)
    with pytest.raises(KeyboardInterrupt):
        desk.run(provider(desk, kind=kind, before=die))
    desk.clock.advance(-AWAKE)
    sender = provider(desk, kind=kind)
    desk.run(sender)  # whoever lives has a lease's time from now
    assert ("claimed", "") in desk.counts()
    desk.clock.advance(LEASE + timedelta(seconds=1))
    desk.run(sender)
    n_lost = 1 if kind == "blind" else 0
    assert desk.counts().get(("unknown", "lease_lapsed"), 0) == n_lost
    assert ("claimed", "") not in desk.counts()
    assert len(sender.journal) == len({one.send_key for one in sender.journal}) == desk.counts()[("sent", "")]


@pytest.mark.parametrize(("life", "n_again"), [(timedelta(days=1), 0), (None, 1)])
def test_a8_a5_a_key_first_used_by_a_clock_ahead_has_no_age_and_is_not_used_again(
    desk: Desk, life: timedelta | None, n_again: int
) -> None:
    """Planted by the present clock alone its age is below zero, and every life would seem to have time left."""
    desk.clock.advance(AWAKE)
    sender = provider(desk, Ambiguous(reason="lost"), Accepted(receipt="r", at=desk.clock.now()), key_life=life)
    desk.run(sender, limit=1)
    desk.clock.advance(-AWAKE)
    first = sender.journal[0].send_key
    for _ in range(2):
        desk.run(sender)
        desk.clock.advance(LEASE + timedelta(seconds=1))
    assert [one.send_key for one in sender.journal].count(first) == 1 + n_again
    assert desk.counts().get(("unknown", "lease_lapsed"), 0) == 1 - n_again


def test_a8_a_circuit_opened_by_a_clock_ahead_lets_one_through_once_it_is_back(desk: Desk) -> None:
    now, ahead = desk.clock.now(), desk.clock.now() + timedelta(days=365)
    opened = Circuit().failed("down", ahead, opens_after=1)
    assert opened.at(ahead).state == "open"
    assert opened.at(now).state == "half_open"
    late = Circuit(state="open", n_failures=9, n_openings=9, until=now + LONGEST_REST)
    assert late.at(now - SKEW).state == "open"
    assert late.at(now - SKEW - FIRST_REST).state == "half_open"
