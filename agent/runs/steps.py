"""The steps of a run. Each reads the run's row, does one thing that may be repeated, and writes how far it got.

A durable workflow calls them in order; killed anywhere, the same calls again end in the same place.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Literal

from agent.alerts import without_people
from agent.approval import approved_plan, request
from agent.approval.reading import unread
from agent.planning.price import price
from agent.tick import go_live, tick
from memory.domain.approval import Approval, ApprovalStatus
from memory.domain.autonomy import AutonomyDecision
from memory.domain.brief import Brief
from memory.domain.canonical import content_hash
from memory.domain.errors import SecondOrderError
from memory.domain.principal import Grant, Principal
from memory.domain.run import Run, Schedule
from memory.store.unit_of_work import UnitOfWork

from .autonomy import decide_autonomy
from .slots import slot_length

if TYPE_CHECKING:
    from agent.assembly import App

AUTOPILOT = "autopilot"
GATES: dict[ApprovalStatus, str] = {
    "sent_back": "sent_back",
    "rejected": "rejected",
    "expired": "approval_expired",
    "void": "approval_void",
}
"""What a run ends with where its request was not approved."""
StepName = Literal["draft", "gate", "live", "tick"]
STEPS: dict[str, tuple[StepName, ...]] = {"plan": ("draft", "gate", "live"), "tick": ("tick",)}
"""The steps per kind of run."""


def carry_out(app: "App", run_id: str, step: StepName) -> str:
    """Do one step of a run and give the run's status; a run that waits or has ended is left alone.

    An error that is ours ends the run as `stopped(reason)` with an alert; nothing goes on with an older plan instead.
    """
    with app.store.read() as uow:
        run = uow.runs.get(run_id)
    if run.status != "running":
        return run.status
    try:
        {"draft": _draft, "gate": _gate, "live": _live, "tick": _tick}[step](app, run)
    except SecondOrderError as error:
        stop(app, run, error.code, str(error))
    with app.store.read() as uow:
        return uow.runs.get(run_id).status


def stop(app: "App", run: Run, reason: str, message: str, words: str = "") -> bool:
    """End a run as `stopped(reason)` and raise an alert; false where it moved on meanwhile.

    `words` are what a person wrote about it: they follow the message, in the alert without addresses and names.
    """
    now = app.clock.now()
    with app.store.read() as uow:
        plain = without_people(uow, run.shop_id, words)
    with app.store.unit_of_work() as uow:
        said = f"{message} {words}".strip()
        moved = uow.runs.move(run, status="stopped", reason=reason, message=said[:2000], ended_at=now)
        if moved:
            told = f"Run {run.id} ({run.kind}, slot {run.slot}) stopped: {reason}. {f'{message} {plain}'.strip()[:500]}"
            uow.alerts.add(run.shop_id, "run_stopped", f"run:{run.id}", told, now)
            uow.audit.append("system", "run.stopped", f"run:{run.id}", now, {"reason": reason})
    return moved


def look_at_gates(app: "App") -> tuple[Run, ...]:
    """Compare every waiting run with its approval: go on, or end. The approvals table is the truth."""
    with app.store.read() as uow:
        waiting = [(run, uow.approvals.get(run.approval_id)) for run in uow.runs.open("waiting")]
    moved = []
    for run, approval in waiting:
        if approval.status == "approved":
            with app.store.unit_of_work() as uow:
                if uow.runs.move(run, status="running", turn=run.turn + 1, reason="", message="", decided_by="human"):
                    moved.append(run)
        elif approval.status in GATES:
            message = "" if approval.note else f"the request is {approval.status}"
            stop(app, run, GATES[approval.status], message, approval.note)
        elif approval.expires_at <= app.clock.now():
            with app.store.unit_of_work() as uow:
                uow.approvals.move(approval.id, "waiting", "expired")
                uow.plans.set_status(approval.plan_id, "draft")
            stop(app, run, "approval_expired", "nobody decided in time")
    return tuple(moved)


def autopilot(shop_id: str) -> Principal:
    """Who drafts and asks in autonomous runs: an agent, which may neither approve nor touch a guardrail."""
    return Principal(id=AUTOPILOT, name="Autopilot", kind="agent", grants=(Grant(shop_id=shop_id, role="agent"),))


def _draft(app: "App", run: Run) -> None:
    if run.plan_id:
        return
    from agent.llm.endpoint import endpoint_of, limits_of, tools_of
    from agent.llm.session import draft_in_session

    schedule = _schedule(app, run)
    endpoint = endpoint_of(app.settings) if schedule and schedule.planner == "llm" else None
    if schedule and schedule.planner == "llm" and endpoint is None:
        stop(app, run, "no_llm", "the schedule asks for a language model and none is set up")
        return
    brief = Brief.model_validate(schedule.brief) if schedule else Brief()
    outcome, session_id = draft_in_session(
        app.store, app.lake, app.clock, app.key, run.shop_id, brief, autopilot(run.shop_id),
        endpoint=endpoint, limits=limits_of(app.settings), tools=tools_of(app.settings),
        recall=partial(_recalled, app, run.shop_id) if endpoint else None,
        context=app.contexts.gather(run.shop_id, brief),
    )  # fmt: skip
    if outcome.kind == "drafted":
        plan, now = outcome.stored.plan, app.clock.now()
        with app.store.unit_of_work() as uow:
            uow.plans.put(plan, AUTOPILOT, (schedule.created_by,) if schedule else (), now, session_id)
            uow.runs.move(run, plan_id=plan.id)
    elif outcome.kind == "stopped":
        stop(app, run, outcome.code, outcome.message)
    else:
        stop(app, run, "refused", "; ".join(one.message for one in outcome.reasons)[:1500])


def _recalled(app: "App", shop_id: str, query: str) -> tuple[tuple[str, str], ...]:
    """A run reads brand voice and lessons as a person's draft does."""
    return tuple((found.note.text, found.note.source) for found in app.recall.find(shop_id, query))


def _gate(app: "App", run: Run) -> None:
    """Decide by the autonomy level whether the plan goes on, stops as a draft, or waits for a person."""
    with app.store.read() as uow:
        stored = uow.plans.get(run.plan_id)
    if stored.status in ("live", "approved"):
        return
    costs = price(stored.plan, app.contexts.gather(run.shop_id, stored.plan.brief))
    now = app.clock.now()
    with app.store.read() as uow:
        decision = decide_autonomy(uow, run.shop_id, "plan_live", costs, now, frozenset(stored.touched_by))
    if decision.kind == "draft":
        with app.store.unit_of_work() as uow:
            uow.runs.move(run, status="finished", reason="draft_only", message=decision.reasons[0], ended_at=now)
        return
    approval = request(app.store, app.clock, autopilot(run.shop_id), run.plan_id)
    with app.store.unit_of_work() as uow:
        markets = unread(uow, stored.plan) if decision.kind == "go" else ()
        if decision.kind == "go" and not markets:
            _approve_by_grant(uow, run, approval, decision, now)
        else:
            unread_texts = f"nobody has read the texts for {', '.join(markets)} yet who has to" if markets else ""
            _wait(uow, run, approval, unread_texts or "; ".join(decision.reasons), now)


def _approve_by_grant(uow: UnitOfWork, run: Run, approval: Approval, decision: AutonomyDecision, now: datetime) -> None:
    """The grant's giver answers for it: the approval stands in their name and names the grant."""
    grant = uow.autonomy.get(decision.grant_id)
    note = f"by autonomy grant {grant.id}, level {grant.level}"
    if uow.approvals.move(approval.id, "waiting", "approved", by=grant.granted_by, at=now, note=note):
        uow.plans.set_status(run.plan_id, "approved")
        detail = {"approval": approval.id, "grant": grant.id, "level": grant.level, "granted_by": grant.granted_by}
        uow.audit.append(AUTOPILOT, "approval.by_grant", f"plan:{run.plan_id}", now, detail)
    uow.runs.move(run, approval_id=approval.id, grant_id=grant.id, decided_by="agent")


def _wait(uow: UnitOfWork, run: Run, approval: Approval, why: str, now: datetime) -> None:
    uow.runs.move(run, status="waiting", reason="above_autonomy", message=why, approval_id=approval.id)
    told = f"Plan {run.plan_id[:12]} waits for an approval ({approval.id}): {why}"
    uow.alerts.add(run.shop_id, "gate_waits", f"run:{run.id}", told, now)


def _live(app: "App", run: Run) -> None:
    with app.store.read() as uow:
        is_live = uow.plans.get(run.plan_id).status == "live"
    if not is_live:  # a plan that went live before the run was told is done
        approved = approved_plan(app.store, app.clock, run.plan_id)
        go_live(app.store, app.lake, app.clock, app.key, approved, is_staged=True)
    now = app.clock.now()
    with app.store.unit_of_work() as uow:
        current = uow.runs.get(run.id)
        if uow.runs.move(current, status="finished", reason="live", ended_at=now):
            detail = {"run": run.id, "decided_by": current.decided_by, "grant": current.grant_id}
            uow.audit.append(AUTOPILOT, "plan.go_live", f"plan:{run.plan_id}", now, detail)


def _tick(app: "App", run: Run) -> None:
    schedule = _schedule(app, run)
    seed = int(content_hash([run.shop_id, run.slot_at.isoformat()])[:8], 16)
    slot = slot_length(schedule) if schedule else timedelta(hours=1)
    report = tick(
        app.store,
        app.lake,
        app.clock,
        app.key,
        run.shop_id,
        run.slot_at,
        seed=seed,
        slot=slot,
        markets=app.markets,
    )
    message = f"{report.n_decisions} decisions, {report.n_planned} messages planned"
    with app.store.unit_of_work() as uow:
        uow.runs.move(run, status="finished", message=message, ended_at=app.clock.now())


def _schedule(app: "App", run: Run) -> Schedule | None:
    if not run.schedule_id:
        return None
    with app.store.read() as uow:
        return uow.runs.get_schedule(run.schedule_id)
