"""Runs: schedules, runs, alerts, autonomy, the kill switch, releases, shadows, amendments."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from fastapi import Path as PathParameter
from pydantic import Field

from agent.reports.shadow import ShadowReport
from agent.tick.go_live import GoneLive
from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import autonomy, control, schedules
from memory.domain.amendment import Amendment
from memory.domain.autonomy import AutonomyAction, AutonomyGrant, AutonomyLevel, Thresholds
from memory.domain.autonomy_report import AutonomyReport
from memory.domain.base import Frozen, Instant
from memory.domain.release import Release
from memory.domain.run import Every, Run, RunKind, RunStatus, Schedule
from memory.domain.switch import Alert, KillSwitch

router = APIRouter(prefix="/api", tags=["run"], responses=GUARDED)
Reading = Annotated[Acting, Depends(needs("read"))]
Sending = Annotated[Acting, Depends(needs("dispatch"))]
Approving = Annotated[Acting, Depends(needs("approve"))]
Planning = Annotated[Acting, Depends(needs("plan"))]
Submitting = Annotated[Acting, Depends(needs("submit"))]
Id = Annotated[str, PathParameter(pattern=r"^[a-z0-9._-]{1,100}$")]
PlanId = Annotated[str, PathParameter(pattern=r"^[0-9a-f]{8,64}$")]


class NewSchedule(Frozen):
    """A schedule to set up."""

    kind: RunKind
    """What it does."""
    every: Every
    """How often."""
    local_minute: Annotated[int, Field(ge=0, le=1439)] = 0
    """Minute of the local day."""
    weekday: Annotated[int, Field(ge=0, le=6)] = 0
    """Day of a weekly one, Monday is 0."""
    day: Annotated[int, Field(ge=1, le=31)] = 1
    """Day of a monthly or yearly one."""
    month: Annotated[int, Field(ge=1, le=12)] = 1
    """Month of a yearly one."""
    planner: Literal["playbook", "llm"] = "playbook"
    """Who drafts."""
    brief: dict[str, Any] = {}
    """What a plan is drafted from."""


class NewRun(Frozen):
    """A run to start."""

    kind: RunKind = "plan"
    """What it does."""
    schedule_id: Annotated[str, Field(max_length=100)] = ""
    """As this schedule does; the schedule's kind wins."""


class NewGrant(Frozen):
    """An autonomy level to grant."""

    action: AutonomyAction
    """For what."""
    level: AutonomyLevel
    """How far."""
    expires_at: Instant
    """Until when."""
    thresholds: Thresholds | None = None
    """Of level 2."""
    note: Annotated[str, Field(max_length=2000)] = ""
    """Why."""


class Turn(Frozen):
    """A turn of the kill switch."""

    is_stopped: bool
    """Whether hand-offs stop."""
    is_everywhere: bool = False
    """In every shop; admins only."""
    reason: Annotated[str, Field(max_length=500)] = ""
    """Why."""


class Successor(Frozen):
    """What a live plan is to become."""

    new_plan_id: Annotated[str, Field(pattern=r"^[0-9a-f]{8,64}$")]
    """A draft."""


@router.get("/schedules")
def list_schedules(acting: Reading) -> list[Schedule]:
    """List the shop's schedules."""
    return list(schedules.list_schedules(acting))


@router.post("/schedules")
def add_schedule(acting: Planning, body: NewSchedule) -> Schedule:
    """Set a schedule up; one that ticks needs the permission to dispatch as well."""
    return schedules.add(acting, **body.model_dump())


@router.delete("/schedules/{schedule_id}")
def remove_schedule(acting: Planning, schedule_id: Id) -> Schedule:
    """Let a schedule fire no more."""
    return schedules.remove(acting, schedule_id)


@router.get("/runs")
def list_runs(acting: Reading, status: RunStatus | None = None) -> list[Run]:
    """List runs, newest first."""
    return list(schedules.list_runs(acting, status))


@router.post("/runs")
def start_run(acting: Planning, body: NewRun) -> Run:
    """Start a run; a worker takes it up."""
    return schedules.start(acting, body.kind, body.schedule_id)


@router.get("/runs/{run_id}")
def show_run(acting: Reading, run_id: Id) -> Run:
    """Give a run: how far it got, and what it waits for."""
    return schedules.show(acting, run_id)


@router.post("/runs/{run_id}/stop")
def stop_run(acting: Planning, run_id: Id) -> Run:
    """End a run that is under way or waits at a gate."""
    return schedules.stop(acting, run_id)


@router.get("/alerts")
def alerts(acting: Reading) -> list[Alert]:
    """List alerts, newest first."""
    return list(schedules.alerts(acting))


@router.get("/autonomy")
def list_grants(acting: Reading) -> list[AutonomyGrant]:
    """List every autonomy grant, newest first."""
    return list(autonomy.list_grants(acting))


@router.post("/autonomy")
def grant(acting: Approving, body: NewGrant) -> AutonomyGrant:
    """Grant an autonomy level in your name."""
    return autonomy.grant(acting, body.action, body.level, body.expires_at, body.thresholds, body.note)


@router.get("/autonomy/report")
def autonomy_report(acting: Reading) -> AutonomyReport:
    """Say which share of decisions the agent took, and list those people were spared."""
    return autonomy.report(acting)


@router.delete("/autonomy/{grant_id}")
def revoke(acting: Approving, grant_id: Id) -> AutonomyGrant:
    """Take a grant back."""
    return autonomy.revoke(acting, grant_id)


@router.get("/switch")
def switches(acting: Reading) -> list[KillSwitch]:
    """Give the kill switches that bind the shop."""
    return list(control.switches(acting))


@router.post("/switch")
def turn(acting: Reading, body: Turn) -> KillSwitch:
    """Stop every hand-off, or let them go on; whoever may dispatch or approve can."""
    return control.switch(acting, is_stopped=body.is_stopped, is_everywhere=body.is_everywhere, reason=body.reason)


@router.get("/releases")
def releases(acting: Reading) -> list[Release]:
    """List staged releases."""
    return list(control.releases(acting))


@router.post("/releases/{plan_id}/advance")
def advance(acting: Sending, plan_id: PlanId) -> Release:
    """Let a release whose wait is over reach more people."""
    return control.advance_release(acting, plan_id)


@router.post("/releases/{plan_id}/resume")
def resume(acting: Sending, plan_id: PlanId) -> Release:
    """Let a release that harm stopped go on."""
    return control.resume_release(acting, plan_id)


@router.post("/plans/{plan_id}/shadow")
def start_shadow(acting: Planning, plan_id: PlanId) -> GoneLive:
    """Let a plan decide without sending."""
    return control.start_shadow(acting, plan_id)


@router.get("/plans/{plan_id}/shadow")
def shadow_report(acting: Reading, plan_id: PlanId) -> ShadowReport:
    """Say what a plan in the shadow would have sent and skipped, and why."""
    return control.shadow_report(acting, plan_id)


@router.post("/plans/{plan_id}/amend")
def amend(acting: Submitting, plan_id: PlanId, body: Successor) -> Amendment:
    """Ask for a live plan to become another one."""
    return control.amend(acting, plan_id, body.new_plan_id)


@router.get("/amendments")
def amendments(acting: Reading) -> list[Amendment]:
    """List amendments."""
    return list(control.amendments(acting))
