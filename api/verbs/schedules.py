"""Schedules and runs: set up, list, start, stop."""

from typing import Any

from pydantic import ValidationError

from memory.domain.canonical import content_hash
from memory.domain.errors import InvalidInput, NotFound, NotPermitted, NotReady
from memory.domain.mistakes import said
from memory.domain.run import Run, RunKind, RunStatus, Schedule
from memory.domain.switch import Alert

from .acting import Acting


def add(acting: Acting, **values: Any) -> Schedule:
    """Set a schedule up in the principal's name; raises `InvalidInput` that names the field. Agents may not."""
    from memory.domain.brief import Brief

    acting.require(_permission(values.get("kind", "plan")))
    if acting.principal.kind != "human":
        raise NotPermitted(principal=acting.principal.id, permission="dispatch", shop_id=acting.shop_id)
    now, by = acting.app.clock.now(), acting.principal.id
    known = {"shop_id": acting.shop_id, "created_by": by, "created_at": now, "zone": acting.shop().zone}
    given = {name: value for name, value in values.items() if value is not None}
    key = content_hash([acting.shop_id, by, now.isoformat(), {name: str(value) for name, value in given.items()}])
    try:
        schedule = Schedule.model_validate({**known, **given, "id": f"s{key[:16]}"})
        Brief.model_validate(schedule.brief)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"]) or "the schedule"
        raise InvalidInput(what=name, why=said(first), remedy="See docs/autonomy.md") from None
    with acting.write("schedule.add", f"schedule:{schedule.id}", kind=schedule.kind, every=schedule.every) as uow:
        uow.runs.schedule(schedule)
    return schedule


def list_schedules(acting: Acting) -> tuple[Schedule, ...]:
    """List the shop's active schedules."""
    acting.require("read")
    with acting.app.store.read() as uow:
        return uow.runs.schedules(acting.shop_id)


def remove(acting: Acting, schedule_id: str) -> Schedule:
    """Let a schedule fire no more; its runs stay."""
    with acting.app.store.read() as uow:
        schedule = uow.runs.get_schedule(schedule_id)
    acting.own("schedule", schedule_id, schedule.shop_id)
    acting.require(_permission(schedule.kind))
    ended = schedule.model_copy(update={"is_active": False})
    with acting.write("schedule.remove", f"schedule:{schedule_id}") as uow:
        uow.runs.schedule(ended)
    return ended


def list_runs(acting: Acting, status: RunStatus | None = None) -> tuple[Run, ...]:
    """List the shop's runs, newest first."""
    acting.require("read")
    with acting.app.store.read() as uow:
        return uow.runs.all(acting.shop_id, status)


def show(acting: Acting, run_id: str) -> Run:
    """Give one run; raises `NotFound`."""
    acting.require("read")
    with acting.app.store.read() as uow:
        run = uow.runs.get(run_id)
    acting.own("run", run_id, run.shop_id)
    return run


def start(acting: Acting, kind: RunKind, schedule_id: str = "") -> Run:
    """Start a run now; a worker (`serve` or `run`) takes it up."""
    from agent.runs import start_now

    schedule = None
    if schedule_id:
        with acting.app.store.read() as uow:
            schedule = uow.runs.get_schedule(schedule_id)
        acting.own("schedule", schedule_id, schedule.shop_id)
        kind = schedule.kind
    return start_now(acting.app.store, acting.app.clock, acting.principal, schedule, acting.shop_id, kind)


def stop(acting: Acting, run_id: str, reason: str = "") -> Run:
    """End a run that is under way or waits; raises `NotReady` where it has ended."""
    from agent.runs.steps import stop as end

    run = show(acting, run_id)
    acting.require(_permission(run.kind))
    why = f"{acting.principal.id} stopped it."
    if run.status not in ("running", "waiting") or not end(acting.app, run, "by_hand", why, reason):
        raise NotReady(
            what=f"run {run_id}", why=f"it is {run.status}", remedy="Look at it with `secondorder runs show`"
        )
    acting.log("run.stop", f"run:{run_id}", reason=reason)
    return show(acting, run_id)


def alerts(acting: Acting) -> tuple[Alert, ...]:
    """List what people were told, or should be, newest first."""
    acting.require("read")
    with acting.app.store.read() as uow:
        return uow.alerts.all(acting.shop_id)


def _permission(kind: str) -> Any:
    if kind not in ("plan", "tick"):
        raise NotFound(kind="schedule", id=kind)
    return "plan" if kind == "plan" else "dispatch"
