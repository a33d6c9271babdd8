"""Doing: go live, tick, dispatch, and the loop over both."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from memory.domain.base import Frozen, Instant
from memory.domain.canonical import content_hash
from memory.store.instants import from_micros

from .acting import Acting

if TYPE_CHECKING:
    from agent.dispatch import DispatchReport
    from agent.tick import TickReport
    from agent.tick.go_live import GoneLive

SLOT = timedelta(hours=1)


class UnknownSend(Frozen):
    """A message of which nobody can say whether it left; it is never sent again by itself."""

    send_key: str
    """Its key."""
    channel: str
    """Its channel."""
    send_at: Instant
    """When it was to go."""


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


def unknown(acting: Acting) -> tuple[UnknownSend, ...]:
    """List every message of which nobody can say whether it left."""
    acting.require("read")
    with acting.app.store.read() as uow:
        rows = uow.outbox.unknown(acting.shop_id)
    return tuple(
        UnknownSend(send_key=row.send_key, channel=row.channel, send_at=from_micros(row.send_at)) for row in rows
    )


def slot_of(at: datetime) -> datetime:
    """Give the start of the hour."""
    return at.replace(minute=0, second=0, microsecond=0)
