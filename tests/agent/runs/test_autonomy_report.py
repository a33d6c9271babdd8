"""S2-51: what runs by itself is counted: which share of decisions the agent took, and which people were spared."""

from datetime import UTC, datetime, time, timedelta

import pytest

from agent.approval import decide
from agent.assembly import App
from agent.runs import look_at_gates
from agent.runs.steps import AUTOPILOT
from agent.tick import tick
from api.verbs import autonomy
from api.verbs.acting import Acting
from memory.domain.autonomy_report import AutonomyReport
from memory.domain.plan import Plan
from memory.domain.principal import Principal
from tests.agent.runs.conftest import AVA, STOCKED, clock_of, fired, granted, run_through

pytestmark = pytest.mark.slow


def report(app: App, who: Principal = AVA) -> AutonomyReport:
    return autonomy.report(Acting(app, who, STOCKED))


def relevance_messages(app: App, plan: Plan) -> int:
    """Tick on a day of the plan's second phase and count the messages of its steps."""
    steps = {
        step.id: step.due_on for journey in plan.journeys for step in journey.steps
        if step.phase == "relevance" and step.owner == "us" and step.trigger == "dated" and step.audience is None
    }  # fmt: skip
    day = min(steps.values())
    slot_at = datetime.combine(day, time(), UTC)
    clock_of(app).set(slot_at)
    tick(app.store, app.lake, app.clock, app.key, STOCKED, slot_at, seed=1, slot=timedelta(days=1))
    with app.store.read() as uow:
        waiting = [
            row for channel in ("email", "sms", "push")
            for row in uow.outbox.due(STOCKED, channel, slot_at + timedelta(days=3), 10_000, lock=False)
        ]  # fmt: skip
    return sum(row.plan_id == plan.id and row.step_id in steps for row in waiting)


def test_s2_51_at_level_2_the_relevance_phase_runs_by_itself_and_names_the_decision_people_were_spared(
    house: App,
) -> None:
    assert report(house).agent_rate is None
    grant = granted(house, 2)
    run = run_through(house, fired(house))
    found = report(house)
    assert (found.n_by_agent, found.n_by_people, found.n_waiting, found.agent_rate) == (1, 0, 0, 1.0)
    (spared,) = found.spared
    assert (spared.run_id, spared.plan_id, spared.grant_id) == (run.id, run.plan_id, grant.id)
    assert (spared.granted_by, spared.level) == ("ava", 2)
    with house.store.read() as uow:
        stored = uow.plans.get(run.plan_id)
    assert stored.status == "live"
    assert relevance_messages(house, stored.plan) > 0


def test_s2_51_a_gate_is_counted_as_waiting_and_then_as_a_persons_decision(house: App) -> None:
    granted(house, 2, limits={"reach": 1})
    waiting = run_through(house, fired(house))
    assert waiting.status == "waiting"
    assert (report(house).n_waiting, report(house).agent_rate) == (1, None)
    decide(house.store, house.clock, AVA, waiting.approval_id, "approve")
    look_at_gates(house)
    run_through(house, waiting)
    found = report(house)
    assert (found.n_by_agent, found.n_by_people, found.n_waiting, found.agent_rate) == (0, 1, 0, 0.0)
    assert found.spared == ()


def test_s2_51_the_audit_log_tells_the_agents_decisions_from_peoples(house: App) -> None:
    grant = granted(house, 2)
    run = run_through(house, fired(house))
    with house.store.read() as uow:
        told = [(entry.actor, entry.action) for entry in uow.audit.entries() if grant.id in str(entry.detail)]
        gone_live = [entry.actor for entry in uow.audit.entries() if entry.action == "plan.go_live"]
    assert (AUTOPILOT, "approval.by_grant") in told
    assert gone_live == [AUTOPILOT]
    assert run.decided_by == "agent"
