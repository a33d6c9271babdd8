"""The language model's part in a chat: drafting and reading wishes, live or from a cassette."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent.llm.bench import Bench, ToolRecord
from agent.llm.endpoint import LlmEndpoint
from agent.llm.inputs import PlanInputs
from agent.llm.limits import Limits
from agent.llm.planner import LlmRun, Planned, planner_ref
from agent.planning.draft import PlanDraft
from agent.sessions.recorder import Recorder
from agent.toolbox.desk import Desk
from memory.domain.outcome import Stopped
from memory.domain.plan import Plan, PlannerRef

from .translate import Translator

if TYPE_CHECKING:
    import httpx2


@dataclass
class LlmPart:
    """Everything a chat asks a language model for."""

    endpoint: LlmEndpoint
    """Which language model."""
    recorder: Recorder
    """The chat's session."""
    transport: "httpx2.BaseTransport"
    """The session's transport: live or a cassette."""
    tools: tuple[str, ...]
    """Tools a draft may use."""
    limits: Limits
    """Hard limits of one draft or reading."""
    recall: Callable[[str], tuple[tuple[str, str], ...]] | None = None
    """Finds what a person let in; none where nothing is kept."""
    records: list[ToolRecord] | None = None
    """Recorded tool answers; none when live."""
    sleep: Callable[[float], None] = time.sleep
    """Waits between attempts."""
    monotonic: Callable[[], float] = time.monotonic
    """Measures seconds."""
    is_stopped: Callable[[], bool] = lambda: False
    """Whether the person who asked wants no further call."""

    def __post_init__(self) -> None:
        """Start without drift."""
        self.drift: list[str] = []

    @property
    def ref(self) -> PlannerRef:
        """How plans name this planner."""
        return planner_ref(self.endpoint)

    def translator(self) -> Translator:
        """Give the reader of wishes."""
        return Translator(
            self.endpoint, self.recorder, self.transport, self.limits, self.sleep, lambda: self.is_stopped()
        )

    def draft(self, inputs: PlanInputs) -> tuple[Plan, PlanDraft] | Stopped:
        """Give a plan with the draft it came from, or a safe stop."""
        desk = Desk(
            brief=inputs.brief,
            context=inputs.context,
            planner=inputs.planner,
            extras=inputs.extras,
            recall=self.recall,
        )
        bench = Bench(desk, self.recorder, self.tools, self.records)
        run = LlmRun(
            endpoint=self.endpoint,
            bench=bench,
            recorder=self.recorder,
            transport=self.transport,
            limits=self.limits,
            language=inputs.language,
            sleep=self.sleep,
            monotonic=self.monotonic,
            is_stopped=self.is_stopped,
        )
        outcome = run.run()
        self.drift += bench.drift
        if self.records is not None:
            self.records = self.records[bench.n_calls :]
        if not isinstance(outcome, Planned):
            return outcome
        assert bench.draft is not None
        draft = bench.draft.draft(desk)
        assert isinstance(draft, PlanDraft)
        return outcome.plan, draft
