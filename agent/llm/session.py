"""One drafting run as a recorded session: the edge that commands and routes call."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from agent.planning.context import PlanContext, gather
from agent.planning.outcome import Drafted, PlanOutcome
from agent.planning.run import draft_plan
from agent.sessions.recorder import Recorder
from agent.toolbox.gathering import gather_extras, size_of
from agent.toolbox.registry import ALL
from memory.domain.brief import Brief
from memory.domain.clock import Clock
from memory.domain.outcome import Stopped
from memory.domain.principal import Principal
from memory.lake.lake import Lake
from memory.store.engine import Store

from .drafting import LlmPlanner, RecordedPlaybook
from .endpoint import LlmEndpoint
from .limits import Limits

if TYPE_CHECKING:
    import httpx2


def draft_in_session(
    store: Store,
    lake: Lake,
    clock: Clock,
    key: bytes,
    shop_id: str,
    brief: Brief,
    principal: Principal,
    *,
    endpoint: LlmEndpoint | None = None,
    limits: Limits | None = None,
    tools: tuple[str, ...] = ALL,
    language: str = "en",
    recall: Callable[[str], tuple[tuple[str, str], ...]] | None = None,
    transport: "httpx2.BaseTransport | None" = None,
    context: PlanContext | None = None,
    touched_by: Iterable[str] = (),
) -> tuple[PlanOutcome, str]:
    """Draft with the language model behind `endpoint`, or with the playbook; give how it ended and the session's id.

    The session is stored however it ends; `context` saves gathering, `touched_by` names who touched an earlier version
    of the content. Raise what `draft_plan` raises.
    """
    principal.require("plan", shop_id)
    context = context or gather(store, lake, shop_id, brief, as_of=clock.now())
    recorder = _begin(clock, key, context, principal, endpoint)
    planner: LlmPlanner | RecordedPlaybook = RecordedPlaybook(recorder)
    if endpoint is not None:
        planner = LlmPlanner(
            endpoint,
            recorder,
            limits=limits or Limits(),
            tools=tools,
            language=language,
            extras=gather_extras(store, lake, context),
            size=partial(size_of, store, lake, context),
            recall=recall,
            transport=transport,
        )
    session_id = recorder.head.id
    outcome = draft_plan(
        store, lake, clock, shop_id, brief, planner, principal,
        session_id=session_id, touched_by=touched_by, context=context,
    )  # fmt: skip
    _finish(recorder, outcome)
    with store.unit_of_work() as uow:
        recorder.save(uow)
    return outcome, session_id


def _begin(
    clock: Clock, key: bytes, context: PlanContext, principal: Principal, endpoint: LlmEndpoint | None
) -> Recorder:
    return Recorder.begin(
        clock,
        key,
        shop_id=context.shop.shop_id,
        kind="plan",
        principal=principal.id,
        data_version=context.data_version,
        guardrail_version=context.guardrail_version,
        llm=endpoint.llm if endpoint else "",
    )


def _finish(recorder: Recorder, outcome: PlanOutcome) -> None:
    if isinstance(outcome, Drafted):
        recorder.finish("finished", plan_id=outcome.stored.plan.id)
    elif isinstance(outcome, Stopped):
        recorder.finish("stopped", stop_reason=outcome.code)
    else:
        recorder.finish("stopped", stop_reason="refused")
