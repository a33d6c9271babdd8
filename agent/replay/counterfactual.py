"""Running a session again with something changed. Nothing is stored, nothing is sent; only a model may be asked."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from agent.code import code_version
from agent.llm.bench import ToolRecord
from agent.llm.drafting import RecordedPlaybook
from agent.llm.endpoint import LlmEndpoint
from agent.llm.inputs import PlanInputs, is_inputs, record_inputs
from agent.llm.planner import LlmRun, planner_ref
from agent.planning.context import PlanContext
from agent.sessions.bundle import Bundle
from agent.sessions.cassette import from_yaml
from agent.sessions.recorder import Recorder
from agent.toolbox.desk import Desk
from agent.toolbox.registry import ALL
from memory.domain.plan import Plan, Step
from memory.store.sessions import StoredSession
from prompts.library import pinned, versions_of

from .clock import RecordedClock
from .deciding import decide_again
from .freely import FreeBench, FreePlayback
from .run import REPLAY_KEY, plan_of, recorded_endpoint, tool_records
from .variant import Variant

if TYPE_CHECKING:
    import httpx2

FORECAST = {"why", "audience_title", "expected_reach", "expected_cost"}
"""What a step says of itself; no candidate depends on it."""


@dataclass(frozen=True)
class Counterfactual:
    """What would have been."""

    bundle: Bundle
    """The session as it goes now; its seal opens nothing."""
    drift: tuple[str, ...]
    """What the model was asked otherwise, where its recorded words were played."""
    is_live: bool
    """Whether a language model was asked anew."""
    steps_without_inputs: tuple[str, ...]
    """Steps of the other plan for which nothing was kept to decide over."""


def rerun_with(bundle: Bundle, variant: Variant) -> Counterfactual:
    """Run a verified session under the variant, and decide again over what its ticks kept."""
    stored = bundle.stored
    again = Again(stored, variant)
    if stored.head.kind == "chat":
        from .chats import replay_chat_with

        replay_chat_with(stored, again)
    else:
        again.plans()
    plan = plan_of(again.recorder.events)
    made = Bundle(again.recorder.stored())
    new: tuple[str, ...] = ()
    if bundle.decisions is not None and plan is not None:
        given = bundle.decisions
        same, new = _steps(given.shared.plan, plan)
        decided = decide_again(given, guardrails=variant.guardrails, step_ids=same)
        made = Bundle(made.stored, replace(given, decided=decided.decided))
    return Counterfactual(made, tuple(again.drift), variant.endpoint is not None, new)


@dataclass
class Again:
    """The state of one counterfactual run."""

    stored: StoredSession
    variant: Variant
    drift: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.recorder = _recorder(self.stored, self.variant)
        self.player = FreePlayback(from_yaml(self.stored.cassette))

    @property
    def endpoint(self) -> LlmEndpoint:
        """Who is asked."""
        return self.variant.endpoint or recorded_endpoint(self.stored.head.llm)

    def transport(self, seconds: float = 300.0) -> "httpx2.BaseTransport":
        """Reach the endpoint, or play what was recorded."""
        return self.recorder.transport(None if self.variant.endpoint else self.player, seconds=seconds)

    def context(self, context: PlanContext) -> PlanContext:
        """Put the other guardrails in."""
        rails = self.variant.guardrails
        if rails is None:
            return context
        return context.model_copy(update={"guardrails": rails, "guardrail_version": rails.version})

    def words(self, refs: Sequence[str]) -> AbstractContextManager[None]:
        """Ask in the recorded versions of the prompts but for the changed ones."""
        return pinned({**versions_of(refs), **self.variant.prompts})

    def plans(self) -> None:
        """Run every plan of the session again."""
        events = self.stored.events
        starts = [number for number, event in enumerate(events) if is_inputs(event)]
        for begin, end in zip(starts, [*starts[1:], len(events)], strict=True):
            inputs = PlanInputs.model_validate(events[begin].body["result"])
            inputs = inputs.model_copy(update={"context": self.context(inputs.context)})
            is_rule = inputs.planner.kind == "playbook" and self.variant.endpoint is None
            if self.variant.by_rule or is_rule:
                RecordedPlaybook(self.recorder).plan(inputs.brief, inputs.context)
            else:
                with self.words(tuple(inputs.planner.prompts)):
                    self._ask(inputs, tool_records(events[begin:end]))
        self.drift += self.player.drift

    def _ask(self, inputs: PlanInputs, records: list[ToolRecord]) -> None:
        planner = planner_ref(self.endpoint)
        tools = inputs.tools or ALL
        inputs = inputs.model_copy(update={"planner": planner, "tools": tools})
        record_inputs(self.recorder, inputs)
        desk = Desk(brief=inputs.brief, context=inputs.context, planner=planner, extras=inputs.extras)
        run = LlmRun(
            endpoint=self.endpoint,
            bench=FreeBench(desk, self.recorder, tools, records),
            recorder=self.recorder,
            transport=self.transport(inputs.limits.max_seconds),
            limits=inputs.limits,
            language=inputs.language,
        )
        if self.variant.endpoint is None:
            run.sleep, run.monotonic = (lambda _seconds: None), (lambda: 0.0)
        run.run()


def _recorder(stored: StoredSession, variant: Variant) -> Recorder:
    changes: dict[str, object] = {"status": "running", "plan_id": "", "usage": {}, "cost_microunits": 0}
    if variant.guardrails is not None:
        changes["guardrail_version"] = variant.guardrails.version
    if variant.endpoint is not None or variant.by_rule:
        changes["llm"] = variant.endpoint.llm if variant.endpoint else ""
    recorder = Recorder(RecordedClock(stored.events), REPLAY_KEY, stored.head.model_copy(update=changes))
    recorder.record("start", {**stored.events[0].body, "code_version": code_version()})
    return recorder


def _steps(old: Plan, new: Plan) -> tuple[set[str], tuple[str, ...]]:
    """Give the steps both plans have in equal form, with equal offers, and those only the new one has so."""
    before = {step.id: _form(old, step) for step in old.steps()}
    same = {step.id for step in new.steps() if before.get(step.id) == _form(new, step)}
    return same, tuple(sorted({step.id for step in new.steps()} - same))


def _form(plan: Plan, step: Step) -> object:
    return step.model_dump(exclude=FORECAST), plan.offer(step.offer_id) if step.offer_id else None
