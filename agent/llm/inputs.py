"""What a plan run started from, as one entry of its session: enough to run it again without store and lake."""

from collections.abc import Sequence

from pydantic import Field

from agent.planning.context import PlanContext
from agent.sessions.recorder import Recorder
from agent.toolbox.desk import Extras
from memory.domain.base import Frozen
from memory.domain.brief import Brief
from memory.domain.plan import PlannerRef
from memory.domain.session import SessionEvent

from .limits import Limits

GATHER = "gather"
"""The name under which the one data-reading step is recorded."""


class PlanInputs(Frozen):
    """The values one plan was drafted from. Aggregates only."""

    brief: Brief
    """What was asked for."""
    context: PlanContext
    """The gathered facts and guardrails."""
    extras: Extras = Field(default_factory=Extras)
    """Further aggregates of the tools."""
    planner: PlannerRef
    """Who drafts."""
    tools: tuple[str, ...] = ()
    """Tools the language model may call; none for the playbook."""
    limits: Limits = Field(default_factory=Limits)
    """Its hard limits."""
    language: str = "en"
    """Language of title and note."""


def record_inputs(recorder: Recorder, inputs: PlanInputs) -> None:
    """Add the entry a replay starts from."""
    recorder.record("tool_result", {"tool": GATHER, "result": inputs.model_dump(mode="json")})


def recorded_inputs(events: Sequence[SessionEvent]) -> tuple[PlanInputs, ...]:
    """Give the inputs of every plan run in a session, in order."""
    return tuple(PlanInputs.model_validate(event.body["result"]) for event in events if is_inputs(event))


def is_inputs(event: SessionEvent) -> bool:
    """Say whether the entry holds the inputs of a plan run."""
    return event.kind == "tool_result" and event.body.get("tool") == GATHER
