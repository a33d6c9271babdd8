"""Doing: go live, tick, dispatch, and the loop over both."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from memory.domain.base import Count, Frozen, Instant
from memory.domain.canonical import content_hash
from memory.domain.errors import InvalidInput, NotFound, NotReady
from memory.store.instants import from_micros

from .acting import Acting

if TYPE_CHECKING:
    from agent.dispatch import DispatchReport
    from agent.tick import TickReport
    from agent.tick.go_live import GoneLive

SLOT = timedelta(hours=1)
RATE_OVER = timedelta(minutes=10)
"""The stretch over which a rate of messages is taken."""
MAX_SETTLED = 500
"""Most messages that one call settles."""
MAX_NOTE = 500


class UnknownSend(Frozen):
    """A message of which nobody can say whether it left; it is never sent again by itself."""

    send_key: str
    """Its key."""
    channel: str
    """Its channel."""
    send_at: Instant
    """When it was to go."""
    tried_at: Instant | None = None
    """When its hand-off was begun; none where nothing was written down."""
    plan_id: str = ""
    """The plan it is of."""
    step_id: str = ""
    """The step."""
    message_kind: str = ""
    """What it says."""
    sender: str = ""
    """What was to hand it off."""
    reason: str = ""
    """Why nobody knows."""


class SettledSends(Frozen):
    """Messages of which a person said what became of them."""

    has_left: bool
    """Whether they left."""
    send_keys: tuple[str, ...]
    """Those that were settled."""
    n_settled_before: Count
    """Those that somebody, or their provider, had settled already."""


class ChannelProgress(Frozen):
    """How a channel gets on with what is due."""

    channel: str
    """Which."""
    n_due: Count
    """Messages that may go now and wait for their turn."""
    n_in_hand: Count
    """Messages that a worker holds."""
    n_later: Count
    """Messages whose instant has not come."""
    n_sent: Count
    """Messages that left within the last `rate_minutes`."""
    per_minute: float
    """So many a minute on average over that time."""
    done_at: Instant | None
    """When what is due will have left at this rate; none where nothing is due, or nothing leaves."""


class Progress(Frozen):
    """Where sending stands."""

    at: Instant
    """When it was looked at."""
    rate_minutes: Count
    """The stretch the rates are taken over."""
    is_stopped: bool
    """Whether a kill switch holds everything."""
    has_worker: bool
    """Whether a worker said lately that it lives."""
    channels: tuple[ChannelProgress, ...]
    """Each channel that has messages."""


class OutboxCount(Frozen):
    """How many messages of a channel are in a state."""

    channel: str
    """The channel."""
    state: str
    """The state."""
    reason: str = ""
    """Why it is there, where there is a reason: suppressed, failed, or held by a warm-up."""
    n_messages: int
    """How many."""


def go_live(acting: Acting, plan_id: str, *, is_staged: bool = False) -> "GoneLive":
    """Freeze an approved plan's cohorts, assign arms and let it run; staged, it reaches few people first."""
    from agent.approval import approved_plan
    from agent.tick import go_live as start

    acting.require("dispatch")
    app = acting.app
    with app.store.read() as uow:
        stored = uow.plans.get(plan_id)
    acting.own("plan", plan_id, stored.plan.shop_id)
    approved = approved_plan(app.store, app.clock, stored.plan.id)
    gone = start(app.store, app.lake, app.clock, app.key, approved, is_staged=is_staged)
    acting.log("plan.go_live", f"plan:{stored.plan.id}", n_treated=gone.n_treated, n_control=gone.n_control)
    return gone


def tick(acting: Acting, slot_at: datetime | None = None) -> "TickReport":
    """Decide what is due in the slot (the present hour where none is given); the same slot again does nothing."""
    from agent.tick import tick as decide

    acting.require("dispatch")
    app = acting.app
    slot_at = slot_at or slot_of(app.clock.now())
    seed = int(content_hash([acting.shop_id, slot_at.isoformat()])[:8], 16)
    return decide(
        app.store, app.lake, app.clock, app.key, acting.shop_id, slot_at, seed=seed, slot=SLOT, markets=app.markets
    )


def dispatch(acting: Acting, limit: int | None = None, worker: str = "worker-1") -> "DispatchReport":
    """Hand off due messages after all checks of this very instant."""
    from agent.dispatch import dispatch as hand_off

    acting.require("dispatch")
    app = acting.app
    return hand_off(
        app.store,
        app.channels,
        app.clock,
        app.key,
        acting.shop_id,
        limit=limit,
        worker=worker,
        public_url=app.settings.public_url,
        markets=app.markets,
        lake=app.lake,
    )


def work(acting: Acting, heard: "Callable[[str, DispatchReport], None]") -> None:
    """Be a worker of the installation until stopped: durable runs, schedules, the outbox, releases and alerts."""
    from agent.runs.worker import RunWorker

    acting.require("dispatch")
    worker = RunWorker(acting.app, "run", heard=heard)
    worker.start()
    try:
        worker.wait()
    finally:
        worker.stop()


def run(
    acting: Acting, heard: Callable[["TickReport", "DispatchReport"], None], sleep: Callable[[float], None], rounds: int
) -> None:
    """Tick each slot once and dispatch every minute, `rounds` times, in this process and without durable runs."""
    acting.require("dispatch")
    for number in range(rounds):
        heard(tick(acting), dispatch(acting))
        if number + 1 != rounds:
            sleep(60.0)


def outbox(acting: Acting, plan_id: str | None = None) -> tuple[OutboxCount, ...]:
    """Count messages per channel and state."""
    acting.require("read")
    with acting.app.store.read() as uow:
        counts = uow.deliveries.outbox_counts(acting.shop_id, plan_id)
    return tuple(
        OutboxCount(channel=channel, state=state, reason=reason, n_messages=n) for channel, state, reason, n in counts
    )


def unknown(acting: Acting, limit: int | None = None) -> tuple[UnknownSend, ...]:
    """List messages of which nobody can say whether they left: all of them, or at most `limit`."""
    acting.require("read")
    with acting.app.store.read() as uow:
        rows = uow.outbox.unknown(acting.shop_id, limit)
    return tuple(
        UnknownSend(
            send_key=row.send_key,
            channel=row.channel,
            send_at=from_micros(row.send_at),
            tried_at=from_micros(row.started_at or row.claimed_at) if row.started_at or row.claimed_at else None,
            plan_id=row.plan_id,
            step_id=row.step_id,
            message_kind=row.message_kind,
            sender=row.sender,
            reason=row.reason,
        )
        for row in rows
    )


def settle(acting: Acting, send_keys: Sequence[str], *, has_left: bool, note: str) -> SettledSends:
    """Say of unknown messages what the provider's own list shows: that they left, or that they did not.

    Nothing is sent by this: what did not leave ends as failed and gives its cap slot and its money back. `note` says
    how it is known, without personal data. Raises `NotFound` for a key that is none of the shop's, `NotReady` where
    none of them is unknown any more.
    """
    acting.require("dispatch")
    keys, said = tuple(dict.fromkeys(send_keys)), note.strip()[:MAX_NOTE]
    if not said:
        raise InvalidInput(what="the note", why="it is empty", remedy="Say how it is known, without personal data")
    if not 0 < len(keys) <= MAX_SETTLED:
        raise InvalidInput(what="the messages", why=f"{len(keys)} were named", remedy=f"Name 1 to {MAX_SETTLED}")
    done: list[str] = []
    now, word = acting.app.clock.now(), "sent" if has_left else "not_sent"
    with acting.app.store.unit_of_work() as uow:
        for key in keys:
            row = uow.outbox.get(key)
            if row is None or row.shop_id != acting.shop_id:
                raise NotFound(kind="message", id=key)
            if not uow.deliveries.settle_by_hand(key, has_left=has_left, now=now):
                continue
            if not has_left:
                uow.budget_ledger.release(row.plan_id, row.cost_millis)
            uow.audit.append(acting.principal.id, "send.settle", f"message:{key}", now, {"as": word, "note": said})
            done.append(key)
        if not done:
            raise NotReady(what="the messages", why="none of them is unknown any more", remedy="Read the list again")
    return SettledSends(has_left=has_left, send_keys=tuple(done), n_settled_before=len(keys) - len(done))


def progress(acting: Acting) -> Progress:
    """Say how many messages are due, how fast they leave, and when they will have left at this rate."""
    from agent.dispatch.checks import LAPSES_AFTER
    from agent.runs.worker import live_workers

    acting.require("read")
    app, now = acting.app, acting.app.clock.now()
    with app.store.read() as uow:
        counts = uow.sent_counts.progress(acting.shop_id, now, RATE_OVER, LAPSES_AFTER + RATE_OVER)
        is_stopped = uow.switches.is_stopped(acting.shop_id)
    minutes = RATE_OVER / timedelta(minutes=1)
    found = []
    for channel, one in counts.items():
        rate = one.n_sent / minutes
        done_at = now + timedelta(minutes=one.n_due / rate) if one.n_due and rate and not is_stopped else None
        found.append(
            ChannelProgress(
                channel=channel,
                n_due=one.n_due,
                n_in_hand=one.n_in_hand,
                n_later=one.n_later,
                n_sent=one.n_sent,
                per_minute=rate,
                done_at=done_at,
            )
        )
    return Progress(
        at=now,
        rate_minutes=round(minutes),
        is_stopped=is_stopped,
        has_worker=bool(live_workers(app)),
        channels=tuple(found),
    )


def slot_of(at: datetime) -> datetime:
    """Give the start of the hour."""
    return at.replace(minute=0, second=0, microsecond=0)
