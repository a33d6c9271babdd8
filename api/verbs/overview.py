"""Everything that runs by itself in a shop, as one picture: runs, schedules, gates, channels, releases, grants."""

from datetime import datetime, timedelta

from memory.domain.amendment import Amendment
from memory.domain.approval import Approval
from memory.domain.autonomy import AutonomyGrant
from memory.domain.base import Frozen, Instant
from memory.domain.release import Release
from memory.domain.run import Run, Schedule
from memory.domain.switch import Alert

from .acting import Acting
from .channels import ChannelStatus, channels

N_ENDED = 12
"""So many finished and so many stopped runs are shown."""
ALERTS_SINCE = timedelta(days=7)
N_ALERTS = 10


class RunNow(Frozen):
    """A run and what comes next in it."""

    run: Run
    """The run."""
    waits_until: Instant | None
    """When the request it waits for lapses; none where it waits for nobody."""
    next_at: Instant | None
    """When its schedule fires again; none for a start by hand, a schedule that waits for data, or a removed one."""


class ScheduleNow(Frozen):
    """A schedule and when it fires next."""

    schedule: Schedule
    """The schedule."""
    next_at: Instant | None
    """When; none where new facts start it."""
    last: Run | None
    """The run of it that began last, whether or not it is among those shown here; none where it never ran."""


class Overview(Frozen):
    """What runs by itself now, and what it waits for."""

    now: Instant
    """When it was looked at."""
    has_worker: bool
    """Whether a worker said lately that it lives; nothing moves without one."""
    open_runs: tuple[RunNow, ...]
    """Under way or at a gate, newest first."""
    stopped_runs: tuple[RunNow, ...]
    """The newest that stopped."""
    finished_runs: tuple[RunNow, ...]
    """The newest that finished."""
    schedules: tuple[ScheduleNow, ...]
    """Those that fire."""
    approvals: tuple[Approval, ...]
    """Requests that wait for a person."""
    amendments: tuple[Amendment, ...]
    """Changes of live plans that wait."""
    channels: tuple[ChannelStatus, ...]
    """Each channel with its circuit and warm-up."""
    releases: tuple[Release, ...]
    """Staged releases, newest stage first."""
    grants: tuple[AutonomyGrant, ...]
    """Autonomy that stands now."""
    alerts: tuple[Alert, ...]
    """The last week's, newest first."""


def overview(acting: Acting) -> Overview:
    """Give what runs by itself in the shop; needs the right to read."""
    from agent.runs.worker import live_workers

    acting.require("read")
    app, shop_id, now = acting.app, acting.shop_id, acting.app.clock.now()
    with app.store.read() as uow:
        schedules = uow.runs.schedules(shop_id)
        open_runs = (*uow.runs.all(shop_id, "running"), *uow.runs.all(shop_id, "waiting"))
        stopped, finished = (uow.runs.all(shop_id, status, N_ENDED) for status in ("stopped", "finished"))
        approvals = uow.approvals.waiting(shop_id)
        amendments = tuple(one for one in uow.amendments.all(shop_id) if one.status == "waiting")
        releases, grants = uow.releases.all(shop_id), uow.autonomy.all(shop_id)
        standing = {one.action: uow.autonomy.standing(shop_id, one.action, now) for one in grants}
        last = {one.id: uow.runs.last_run(one.id) for one in schedules}
        alerts = tuple(one for one in uow.alerts.all(shop_id) if one.at > now - ALERTS_SINCE)[:N_ALERTS]
    until = {one.id: one.expires_at for one in approvals}
    nexts = {one.id: _next(one, now) for one in schedules}

    def told(runs: tuple[Run, ...]) -> tuple[RunNow, ...]:
        return tuple(
            RunNow(run=run, waits_until=until.get(run.approval_id), next_at=nexts.get(run.schedule_id))
            for run in sorted(runs, key=lambda run: run.started_at, reverse=True)
        )

    return Overview(
        now=now,
        has_worker=bool(live_workers(app)),
        open_runs=told(open_runs),
        stopped_runs=told(stopped),
        finished_runs=told(finished),
        schedules=tuple(ScheduleNow(schedule=one, next_at=nexts[one.id], last=last[one.id]) for one in schedules),
        approvals=approvals,
        amendments=amendments,
        channels=channels(acting),
        releases=releases,
        grants=tuple(one for one in grants if standing[one.action] == one),
        alerts=alerts,
    )


def _next(schedule: Schedule, now: datetime) -> datetime | None:
    from agent.runs.slots import next_slot

    slot = next_slot(schedule, now)
    return slot.at if slot else None
