"""Replaying a chat: the recorded words, facts and traffic through the same turns."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from agent.chat.llm import LlmPart
from agent.chat.state import ChatState
from agent.chat.turn import Ports, Turn
from agent.llm.inputs import recorded_inputs
from agent.llm.limits import Limits
from agent.planning.context import PlanContext
from agent.planning.playbook import PlaybookPlanner
from agent.sessions.recorder import Recorder
from agent.sessions.transport import PlaybackTransport
from agent.toolbox.desk import Extras
from memory.domain.brief import Brief
from memory.domain.plan import PlannerRef
from memory.store.sessions import StoredSession

from .run import recorded_endpoint, tool_records

if TYPE_CHECKING:
    from .counterfactual import Again


def replay_chat(stored: StoredSession, recorder: Recorder, player: PlaybackTransport, drift: list[str]) -> None:
    """Run every recorded turn again."""
    start = stored.events[0].body
    part = _part(stored, recorder, player) if stored.head.llm else None
    planner = part.ref if part else PlannerRef(kind="playbook", version=start["planner_version"])
    _say_again(stored, recorder, planner, part, drift, lambda context: context)


def replay_chat_with(stored: StoredSession, again: "Again") -> None:
    """Run every recorded turn under changed circumstances."""
    start = stored.events[0].body
    asks = again.variant.endpoint is not None or (bool(stored.head.llm) and not again.variant.by_rule)
    refs = [ref for inputs in recorded_inputs(stored.events) for ref in inputs.planner.prompts]
    with again.words(refs):
        part = None
        if asks:
            part = LlmPart(
                endpoint=again.endpoint,
                recorder=again.recorder,
                transport=again.transport(),
                tools=tuple(start["tools"]),
                limits=Limits.model_validate(start["limits"]),
            )
            if again.variant.endpoint is None:
                part.sleep, part.monotonic = (lambda _seconds: None), (lambda: 0.0)
        _say_again(stored, again.recorder, part.ref if part else PlaybookPlanner.ref, part, again.drift, again.context)
    again.drift += again.player.drift


def _say_again(
    stored: StoredSession,
    recorder: Recorder,
    planner: PlannerRef,
    part: LlmPart | None,
    drift: list[str],
    changed: Callable[[PlanContext], PlanContext],
) -> None:
    gathered = list(recorded_inputs(stored.events))

    def gather(brief: Brief) -> tuple[PlanContext, Extras]:
        if not gathered:
            drift.append("facts were read once more than recorded")
            raise LookupError("facts that were not recorded")
        inputs = gathered.pop(0)
        if inputs.brief != brief:
            drift.append("facts were read for another brief")
        return changed(inputs.context), inputs.extras

    ports = Ports(recorder=recorder, gather=gather, planner=planner)
    if part is not None:
        ports.draft, ports.translate = part.draft, part.translator()
    state = ChatState()
    for event in stored.events:
        if event.kind == "user":
            turn = Turn(state, ports)
            try:
                list(turn.run(event.body["text"]))
            except LookupError:
                return
            state = turn.state
    drift.extend(part.drift if part else [])


def _part(stored: StoredSession, recorder: Recorder, player: PlaybackTransport) -> LlmPart:
    start = stored.events[0].body
    return LlmPart(
        endpoint=recorded_endpoint(stored.head.llm),
        recorder=recorder,
        transport=recorder.transport(player),
        tools=tuple(start["tools"]),
        limits=Limits.model_validate(start["limits"]),
        records=tool_records(stored.events),
        sleep=lambda _seconds: None,
        monotonic=lambda: 0.0,
    )
