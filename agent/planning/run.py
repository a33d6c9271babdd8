"""One drafting run: gather once, let a planner decide, check with every guardrail, store what passes."""

from collections.abc import Iterable
from typing import Any, Protocol

from agent.guardrails import check_plan
from agent.tracing import span
from memory.domain.brief import Brief
from memory.domain.clock import Clock
from memory.domain.outcome import Blocked, Stopped
from memory.domain.plan import Plan
from memory.domain.principal import Principal
from memory.domain.session import SessionEventKind
from memory.lake.lake import Lake
from memory.store.engine import Store

from .context import PlanContext, gather
from .outcome import Drafted, PlanOutcome, Refused
from .price import price


class Planner(Protocol):
    """Whoever decides: the playbook, or a language model behind the same door."""

    def plan(self, brief: Brief, context: PlanContext) -> Plan | tuple[Blocked, ...] | Stopped:
        """Give a composed plan, the reasons why there is none, or a safe stop."""
        ...


class SessionLog(Protocol):
    """The part of a recorder that a run speaks to."""

    def record(self, kind: SessionEventKind, body: dict[str, Any]) -> Any:
        """Add an entry."""
        ...


@span("plan.draft")
def draft_plan(
    store: Store,
    lake: Lake,
    clock: Clock,
    shop_id: str,
    brief: Brief,
    planner: Planner,
    principal: Principal,
    *,
    log: SessionLog | None = None,
    session_id: str = "",
    touched_by: Iterable[str] = (),
    context: PlanContext | None = None,
) -> PlanOutcome:
    """Draft a plan for a shop and store it if every guardrail lets it through.

    `touched_by` names those who touched an earlier version of the content; `context` saves gathering again. Raise
    `NotPermitted` where the principal may not plan here, and what `gather` raises.
    """
    principal.require("plan", shop_id)
    known = context or gather(store, lake, shop_id, brief, as_of=clock.now())
    made = planner.plan(brief, known)
    if isinstance(made, Stopped):
        return _noted(log, "stop", made)
    reasons = made if isinstance(made, tuple) else check_plan(made, known.guardrails, known)
    if isinstance(made, tuple) or reasons:
        return _noted(log, "refusal", Refused(reasons=reasons, plan=None if isinstance(made, tuple) else made))
    with store.unit_of_work() as uow:
        stored = uow.plans.put(made, principal.id, touched_by, clock.now(), session_id)
        detail = {"data_version": made.data_version, "guardrails": made.guardrail_version, "session": session_id}
        uow.audit.append(principal.id, "plan.draft", f"plan:{made.id}", clock.now(), detail)
    if log is not None:
        log.record("plan", {"plan_id": made.id, "plan": made})
    return Drafted(stored=stored, price=price(made, known))


def _noted(log: SessionLog | None, kind: SessionEventKind, outcome: Stopped | Refused) -> Stopped | Refused:
    if log is not None:
        log.record(kind, outcome.model_dump(mode="json", exclude={"plan"}))
    return outcome
