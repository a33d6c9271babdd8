"""Firing: a due slot becomes a run, once, whoever notices it first."""

from datetime import datetime, timedelta

from memory.domain.canonical import content_hash
from memory.domain.clock import Clock
from memory.domain.principal import Principal
from memory.domain.run import Run, RunKind, Schedule
from memory.faults import fault
from memory.store.engine import Store
from memory.store.unit_of_work import UnitOfWork

from .slots import Slot, latest_slot, n_between

BY_HAND = ""


def fire_due(store: Store, clock: Clock) -> tuple[Run, ...]:
    """Fire every schedule whose newest slot has come and has not fired; give the new runs.

    Catch-up rule: of the slots that nobody was there to fire only the newest fires, and its run says how many it
    stands in for. A slot fires once, whatever the clock does: the database refuses a second run of its name.
    """
    now = clock.now()
    with store.read() as uow:
        due = [(one, slot) for one in uow.runs.schedules() if (slot := _due(uow, one, now)) is not None]
    fired = []
    for schedule, slot in due:
        with store.unit_of_work() as uow:
            run = _run_of(uow, schedule, slot, now)
            if uow.runs.fire(run):
                fired.append(run)
            fault("K11")
    return tuple(fired)


def start_now(store: Store, clock: Clock, principal: Principal, schedule: Schedule | None, shop_id: str,
              kind: RunKind) -> Run:  # fmt: skip
    """Start a run by hand, of a schedule or of none; the workers take it up."""
    principal.require("plan" if kind == "plan" else "dispatch", shop_id)
    now = clock.now()
    name = f"by-hand-{principal.id}-{now.isoformat()}"
    with store.unit_of_work() as uow:
        run = _new(shop_id, kind, schedule.id if schedule else BY_HAND, Slot(name, now), now, 0)
        uow.runs.fire(run)
        uow.audit.append(principal.id, "run.start", f"run:{run.id}", now, {"kind": kind})
    return run


def ensure_ticks(store: Store, clock: Clock) -> None:
    """Give every shop an hourly tick that never had one; a removed one stays removed."""
    now = clock.now()
    with store.read() as uow:
        shops = {shop.shop_id: shop.zone for shop in uow.shops.all()}
        missing = [shop_id for shop_id in shops if not uow.runs.knows_schedule(f"tick-{shop_id}")]
    for shop_id in missing:
        with store.unit_of_work() as uow:
            uow.runs.schedule(
                Schedule(
                    id=f"tick-{shop_id}",
                    shop_id=shop_id,
                    kind="tick",
                    every="hour",
                    zone=shops[shop_id],
                    created_by="system",
                    created_at=now,
                )
            )


def _due(uow: UnitOfWork, schedule: Schedule, now: datetime) -> Slot | None:
    if schedule.every == "data":
        version = uow.versions.latest()
        slot = Slot(f"v{version.number}", version.created_at) if version.number else None
        is_new = slot is not None and slot.at >= schedule.created_at
        slot = slot if is_new else None
    else:
        slot = latest_slot(schedule, now)
    return slot if slot and not uow.runs.has_fired(schedule, slot.name) else None


def _run_of(uow: UnitOfWork, schedule: Schedule, slot: Slot, now: datetime) -> Run:
    last = uow.runs.last_slot_at(schedule.id) or schedule.created_at - timedelta(microseconds=1)
    n_missed = 0 if schedule.every == "data" else n_between(schedule, last, slot)
    return _new(schedule.shop_id, schedule.kind, schedule.id, slot, now, n_missed)


def _new(shop_id: str, kind: RunKind, schedule_id: str, slot: Slot, now: datetime, n_missed: int) -> Run:
    return Run(
        id="r" + content_hash([shop_id, schedule_id, slot.name])[:24],
        shop_id=shop_id,
        kind=kind,
        schedule_id=schedule_id,
        slot=slot.name,
        slot_at=slot.at,
        n_missed=n_missed,
        started_at=now,
    )
