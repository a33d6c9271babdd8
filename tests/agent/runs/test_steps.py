"""Plan -> gate -> live: what an autonomy level lets a run do by itself, and where it stops and asks."""

from datetime import timedelta

import pytest

from agent.approval import decide
from agent.assembly import App
from agent.runs import look_at_gates
from memory.domain.approval_rules import ApprovalRules, MarketReader
from memory.domain.run import Run
from tests.agent.runs.conftest import AVA, clock_of, fired, granted, run_through

pytestmark = pytest.mark.slow


def status_of(app: App, run: Run) -> str:
    with app.store.read() as uow:
        return uow.plans.get(run.plan_id).status


def test_dc_08_without_a_grant_a_run_stops_at_a_gate_and_goes_on_once_a_person_approved(house: App) -> None:
    run = run_through(house, fired(house))
    assert (run.status, run.reason) == ("waiting", "above_autonomy")
    assert look_at_gates(house) == ()
    decide(house.store, house.clock, AVA, run.approval_id, "approve")
    assert [one.id for one in look_at_gates(house)] == [run.id]
    done = run_through(house, run)
    assert (done.status, done.reason, done.decided_by) == ("finished", "live", "human")
    assert status_of(house, done) == "live"
    with house.store.read() as uow:
        release = uow.releases.get(done.plan_id)
    assert release is not None and release.share_rate == 0.01


def test_s2_25_level_3_goes_on_in_the_name_of_whoever_granted_it(house: App) -> None:
    grant = granted(house, 3)
    run = run_through(house, fired(house))
    assert (run.status, run.decided_by, run.grant_id) == ("finished", "agent", grant.id)
    with house.store.read() as uow:
        (approval,) = uow.approvals.of_plan(run.plan_id)
    assert (approval.status, approval.decided_by) == ("approved", "ava")
    assert grant.id in approval.note


def test_a_grant_stands_in_for_no_reader_of_a_market_s_texts(house: App) -> None:
    granted(house, 3)
    run = run_through(house, fired(house))
    clock_of(house).advance(timedelta(days=1))
    with house.store.unit_of_work() as uow:
        plan = uow.plans.get(run.plan_id).plan
        reader = MarketReader(market=plan.markets[0], language=plan.languages[0], readers=("ava",))
        uow.approval_rules.put(plan.shop_id, ApprovalRules(readers=(reader,)), "ada", clock_of(house).now(), "")
    second = run_through(house, fired(house))
    assert (second.status, second.reason) == ("waiting", "above_autonomy")
    assert "nobody has read the texts" in second.message


@pytest.mark.parametrize("limit", ["reach", "cost", "loss"])
def test_s2_25_level_2_asks_above_any_of_its_thresholds(house: App, limit: str) -> None:
    granted(house, 2, limits={limit: 1})
    run = run_through(house, fired(house))
    assert run.status == "waiting"
    assert "is above" in run.message


def test_s2_25_level_2_goes_below_its_thresholds_and_level_0_stops_at_the_draft(house: App) -> None:
    granted(house, 2)
    assert run_through(house, fired(house)).decided_by == "agent"
    granted(house, 0)
    clock_of(house).advance(timedelta(days=1))
    second = run_through(house, fired(house))
    assert (second.status, second.reason) == ("finished", "draft_only")
    assert status_of(house, second) == "draft"


def test_dc_08_every_step_may_be_repeated(house: App) -> None:
    """A process killed after a step's effect does it again: one plan, one request, one live plan, one report."""
    from agent.runs import carry_out

    granted(house, 3)
    run = fired(house)
    for step in ("draft", "draft", "gate", "gate", "live", "live"):
        carry_out(house, run.id, step)
    with house.store.read() as uow:
        done = uow.runs.get(run.id)
        assert done.status == "finished"
        assert len(uow.approvals.of_plan(done.plan_id)) == 1
        assert [stored.status for stored in uow.plans.all(done.shop_id)] == ["live"]


def test_a_request_nobody_decides_expires_and_the_run_ends_with_an_alert(house: App) -> None:
    run = run_through(house, fired(house))
    clock_of(house).advance(timedelta(days=60))
    look_at_gates(house)
    with house.store.read() as uow:
        ended = uow.runs.get(run.id)
        assert (ended.status, ended.reason) == ("stopped", "approval_expired")
        assert "run_stopped" in {alert.code for alert in uow.alerts.all(run.shop_id)}
    assert status_of(house, ended) == "draft"


def test_a_rejected_plan_ends_its_run(house: App) -> None:
    run = run_through(house, fired(house))
    decide(house.store, house.clock, AVA, run.approval_id, "reject", "not before the holidays")
    look_at_gates(house)
    with house.store.read() as uow:
        ended = uow.runs.get(run.id)
    assert (ended.status, ended.reason, ended.message) == ("stopped", "rejected", "not before the holidays")


def test_c2_a_schedule_that_asks_for_a_missing_llm_stops_and_last_week_s_plan_stays_where_it_was(house: App) -> None:
    from tests.agent.runs.conftest import a_schedule

    last_week = run_through(house, fired(house))
    decide(house.store, house.clock, AVA, last_week.approval_id, "approve")
    with house.store.unit_of_work() as uow:
        uow.runs.schedule(a_schedule(house, planner="llm"))
    clock_of(house).advance(timedelta(days=7))
    run = run_through(house, fired(house))
    assert (run.status, run.reason, run.plan_id) == ("stopped", "no_llm", "")
    assert status_of(house, last_week) == "approved"  # not live: nobody took it instead
