from typing import Any

import pytest

from agent.planning.outcome import Drafted, Refused
from agent.planning.playbook import PlaybookPlanner
from agent.planning.run import draft_plan
from memory.domain.brief import Brief
from memory.domain.clock import ManualClock
from memory.domain.errors import NotPermitted
from memory.domain.outcome import Stopped
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.factories.approvals import AVA, MIA, with_plan
from tests.factories.planning import context, eur
from tests.factories.plans import good_plan


class Log:
    def __init__(self) -> None:
        self.kinds: list[str] = []

    def record(self, kind: str, body: dict[str, Any]) -> None:
        self.kinds.append(kind)


class StoppingPlanner:
    def plan(self, brief: Brief, context: object) -> Stopped:
        return Stopped(code="too_many_calls", message="Stopped at a limit.")


def test_dc_01_a_plan_that_passes_is_stored_as_a_draft(store: Store, lake: Lake, clock: ManualClock) -> None:
    with_plan(store, clock)
    log = Log()
    made = draft_plan(store, lake, clock, "nord", Brief(budget=eur(3_000)), PlaybookPlanner(), MIA, log=log,
                      context=context(), touched_by=("zoe",))  # fmt: skip
    assert isinstance(made, Drafted)
    assert made.price.n_people == 4560
    with store.read() as uow:
        stored = uow.plans.get(made.stored.plan.id)
        assert (stored.status, stored.created_by, stored.touched_by) == ("draft", "mia", ("mia", "zoe"))
        assert uow.plans.get(stored.plan.id[:12]) == stored
        assert uow.audit.entries()[-1].action == "plan.draft"
    assert log.kinds == ["plan"]


def test_dc_01_a_plan_that_breaks_a_guardrail_is_not_stored(store: Store, lake: Lake, clock: ManualClock) -> None:
    with_plan(store, clock)
    log = Log()
    brief = Brief(budget=eur(20_001), holdout_rate=0.01)
    made = draft_plan(store, lake, clock, "nord", brief, PlaybookPlanner(), MIA, context=context(), log=log)
    assert isinstance(made, Refused)
    assert {reason.rule for reason in made.reasons} == {"plan_budget", "budget_share", "holdout"}
    assert made.plan is not None
    with store.read() as uow:
        assert [each.plan.id for each in uow.plans.all("nord")] == [good_plan().id]
    assert log.kinds == ["refusal"]


def test_c2_a_planner_that_stops_stores_nothing(store: Store, lake: Lake, clock: ManualClock) -> None:
    with_plan(store, clock)
    made = draft_plan(store, lake, clock, "nord", Brief(), StoppingPlanner(), MIA, context=context())
    assert isinstance(made, Stopped)
    with store.read() as uow:
        assert len(uow.plans.all("nord")) == 1


def test_d3_who_may_not_plan_drafts_nothing(store: Store, lake: Lake, clock: ManualClock) -> None:
    with_plan(store, clock)
    with pytest.raises(NotPermitted):
        draft_plan(store, lake, clock, "nord", Brief(), PlaybookPlanner(), AVA, context=context())
