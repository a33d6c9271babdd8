"""The LLM planner as every planner looks: `plan(brief, context)` gives a composed plan or a safe stop."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agent.planning.context import PlanContext
from agent.sessions.recorder import Recorder
from agent.toolbox.desk import Desk, Extras
from agent.toolbox.registry import ALL
from memory.domain.brief import Brief
from memory.domain.outcome import Blocked, Stopped
from memory.domain.plan import Plan, PlannerRef
from memory.domain.segment import SegmentRule

from .endpoint import LlmEndpoint
from .inputs import PlanInputs, record_inputs
from .limits import Limits
from .planner import LlmRun, Planned, make_bench, planner_ref

if TYPE_CHECKING:
    import httpx2


@dataclass
class LlmPlanner:
    """Plans through a language model; everything it reads and asks is recorded."""

    endpoint: LlmEndpoint
    """Which language model."""
    recorder: Recorder
    """The session it belongs to."""
    limits: Limits = field(default_factory=Limits)
    """Hard limits."""
    tools: tuple[str, ...] = ALL
    """Tools it may call; `agent.toolbox.registry.FEW` for small language models."""
    language: str = "en"
    """Language of title and note."""
    extras: Extras = field(default_factory=Extras)
    """Further aggregates, from `agent.toolbox.gathering.gather_extras`."""
    size: Callable[[SegmentRule], int] | None = None
    """Counts a segment rule; none where no facts are open."""
    recall: Callable[[str], tuple[tuple[str, str], ...]] | None = None
    """Finds lessons; none where nothing is remembered."""
    transport: "httpx2.BaseTransport | None" = None
    """Reaches the endpoint; the machine's network where none is given."""
    sleep: Callable[[float], None] = time.sleep
    """Waits between attempts."""

    @property
    def ref(self) -> PlannerRef:
        """How plans name this planner."""
        return planner_ref(self.endpoint)

    def plan(self, brief: Brief, context: PlanContext) -> Plan | Stopped:
        """Give the accepted plan, or why there is none."""
        inputs = PlanInputs(
            brief=brief,
            context=context,
            extras=self.extras,
            planner=self.ref,
            tools=self.tools,
            limits=self.limits,
            language=self.language,
        )
        record_inputs(self.recorder, inputs)
        desk = Desk(
            brief=brief, context=context, planner=self.ref, extras=self.extras, size=self.size, recall=self.recall
        )
        bench = make_bench(desk, self.recorder, self.tools)
        run = LlmRun(
            endpoint=self.endpoint,
            bench=bench,
            recorder=self.recorder,
            transport=self.recorder.transport(self.transport, seconds=self.limits.max_seconds),
            limits=self.limits,
            language=self.language,
            sleep=self.sleep,
        )
        outcome = run.run()
        return outcome.plan if isinstance(outcome, Planned) else outcome


@dataclass
class RecordedPlaybook:
    """The playbook planner with its inputs and its plan recorded, so that its sessions replay as well."""

    recorder: Recorder
    """The session it belongs to."""

    def plan(self, brief: Brief, context: PlanContext) -> Plan | tuple[Blocked, ...]:
        """Give the playbook's plan, or why there is none."""
        from agent.planning.playbook import PlaybookPlanner

        planner = PlaybookPlanner()
        record_inputs(self.recorder, PlanInputs(brief=brief, context=context, planner=planner.ref))
        made = Desk(brief=brief, context=context, planner=planner.ref).compose(planner.draft(brief, context))
        if isinstance(made, Plan):
            self.recorder.record("plan", {"plan_id": made.id, "plan": made})
        else:
            told = [reason.model_dump(mode="json") for reason in made]
            self.recorder.record("refusal", {"tool": "", "reasons": told})
        return made
