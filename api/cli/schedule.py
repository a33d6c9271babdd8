"""`secondorder schedule` and `runs`: what runs by itself, when, and how far it got."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .command import command
from .desk import Desk, planner_from, readable_file

if TYPE_CHECKING:
    from memory.domain.run import Run

group = typer.Typer(no_args_is_help=True, help="What runs by itself, and when.")
runs = typer.Typer(no_args_is_help=True, help="Runs: what schedules started, and the gates they wait at.")

ScheduleId = Annotated[str, typer.Argument(metavar="SCHEDULE", help="The schedule's id.")]
RunId = Annotated[str, typer.Argument(metavar="RUN", help="The run's id.")]


@command(group, "add")
def add(
    desk: Desk,
    kind: Annotated[str, typer.Argument(help="plan: draft a plan and take it as far as autonomy lets; or tick.")],
    every: Annotated[str, typer.Option(help="hour, day, week, month, year, or data: at each new import.")] = "week",
    at: Annotated[str, typer.Option(metavar="HH:MM", help="Local time of day.")] = "06:00",
    weekday: Annotated[int, typer.Option(min=0, max=6, help="Of a weekly one; Monday is 0.")] = 0,
    day: Annotated[int, typer.Option(min=1, max=31, help="Of a monthly or yearly one.")] = 1,
    month: Annotated[int, typer.Option(min=1, max=12, help="Of a yearly one.")] = 1,
    planner: Annotated[str, typer.Option(help="playbook or llm.")] = "playbook",
    brief: Annotated[Path | None, typer.Option(metavar="FILE", help="What you want, as YAML or JSON.")] = None,
) -> None:
    """Set a schedule up; `serve` and `run` fire it."""
    from api.verbs import plans, schedules

    wishes = {}
    if brief:
        text = readable_file(brief).read_text(encoding="utf-8")
        wishes = plans.read_brief(text).model_dump(mode="json", exclude_defaults=True)
    made = schedules.add(
        desk.acting, kind=kind, every=every, local_minute=minute_from(at), weekday=weekday, day=day, month=month,
        planner=planner_from(planner), brief=wishes,
    )  # fmt: skip
    desk.emit(made, f"Schedule {made.id}: {made.kind} every {made.every}, {made.zone}.")


@command(group, "list")
def list_(desk: Desk) -> None:
    """List the shop's schedules."""
    from api.verbs.schedules import list_schedules

    from .tables import table

    found = list_schedules(desk.acting)
    rows = [
        (
            one.id,
            one.kind,
            one.every,
            f"{one.local_minute // 60:02}:{one.local_minute % 60:02}",
            one.zone,
            one.created_by,
        )
        for one in found
    ]
    desk.emit(found, table("Schedules", ("id", "kind", "every", "at", "zone", "by"), rows))


@command(group, "remove")
def remove(desk: Desk, schedule_id: ScheduleId) -> None:
    """Let a schedule fire no more; its runs stay."""
    from api.verbs.schedules import remove as end

    ended = end(desk.acting, schedule_id)
    desk.emit(ended, f"Schedule {ended.id} fires no more.")


@command(runs, "list")
def list_runs(
    desk: Desk, status: Annotated[str, typer.Option(help="running, waiting, finished or stopped.")] = ""
) -> None:
    """List runs, newest first."""
    from api.verbs.schedules import list_runs as find

    from .tables import table

    found = find(desk.acting, status or None)  # type: ignore[arg-type]
    rows = [(one.id, one.kind, one.slot, one.status, one.reason, one.plan_id[:12], one.started_at) for one in found]
    desk.emit(found, table("Runs", ("id", "kind", "slot", "status", "reason", "plan", "started"), rows))


@command(runs, "show")
def show(desk: Desk, run_id: RunId) -> None:
    """Show a run: how far it got, and what it waits for."""
    from api.verbs.schedules import show as find

    _shown(desk, find(desk.acting, run_id))


@command(runs, "start")
def start(
    desk: Desk,
    kind: Annotated[str, typer.Argument(help="plan or tick.")] = "plan",
    schedule: Annotated[str, typer.Option(metavar="ID", help="As this schedule does.")] = "",
) -> None:
    """Start a run now; `serve` or `run` takes it up."""
    from api.verbs.schedules import start as begin
    from memory.domain.errors import InvalidInput

    if kind not in ("plan", "tick"):
        raise InvalidInput(what=f"kind {kind!r}", why="there is no such run", remedy="Write plan or tick")
    _shown(desk, begin(desk.acting, kind, schedule))  # type: ignore[arg-type]


@command(runs, "stop")
def stop(desk: Desk, run_id: RunId, reason: Annotated[str, typer.Option(help="Why, in your words.")] = "") -> None:
    """End a run that is under way or waits at a gate."""
    from api.verbs.schedules import stop as end

    _shown(desk, end(desk.acting, run_id, reason))


@command(runs, "alerts")
def alerts(desk: Desk) -> None:
    """List alerts, newest first."""
    from api.verbs.schedules import alerts as find

    from .tables import table

    found = find(desk.acting)
    rows = [(one.at, one.code, one.message, "told" if one.told_at else "-") for one in found]
    desk.emit(found, table("Alerts", ("at", "what", "message", "told"), rows))


def minute_from(text: str) -> int:
    """Read a time of day such as 06:30; raises `InvalidInput`."""
    from memory.domain.errors import InvalidInput

    hour, _, minute = text.partition(":")
    if not (hour.isdigit() and minute.isdigit() and int(hour) < 24 and int(minute) < 60):
        raise InvalidInput(what=f"time {text!r}", why="it is no time of day", remedy="Write 06:30")
    return int(hour) * 60 + int(minute)


def _shown(desk: Desk, run: "Run") -> None:
    from .tables import facts

    desk.emit(run, facts(run.model_dump()))
