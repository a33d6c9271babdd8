"""Replaying a chat: the recorded words, facts and traffic through the same turns."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from agent.chat.llm import LlmPart
from agent.chat.state import ChatState
from agent.chat.turn import Ports, Turn
from agent.llm.endpoint import LlmEndpoint
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
    import httpx2

    from .counterfactual import Again


def replay_chat(stored: StoredSession, recorder: Recorder, player: PlaybackTransport, drift: list[str]) -> None:
    """Run every recorded turn again."""
    start = stored.events[0].body
    part = None
    if stored.head.llm:
        part = _part(stored, recorder, recorded_endpoint(stored.head.llm), recorder.transport(player))
        part.records = tool_records(stored.events)
    planner = part.ref if part else PlannerRef(kind="playbook", version=start["planner_version"])
    _say_again(stored, recorder, planner, part, drift, lambda context: context)


def replay_chat_with(stored: StoredSession, again: "Again") -> None:
    """Run every recorded turn under changed circumstances."""
    asks = again.variant.endpoint is not None or (bool(stored.head.llm) and not again.variant.by_rule)
    refs = [ref for inputs in recorded_inputs(stored.events) for ref in inputs.planner.prompts]
    with again.words(refs):
        part = None
        if asks:
            is_live = again.variant.endpoint is not None
            part = _part(stored, again.recorder, again.endpoint, again.transport(), is_live=is_live)
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
                brief = event.body.get("brief")
                text = event.body["text"]
                list(turn.run(text) if brief is None else turn.attach(text, Brief.model_validate(brief)))
            except LookupError:
                return
            state = turn.state
    drift.extend(part.drift if part else [])


def _part(
    stored: StoredSession,
    recorder: Recorder,
    endpoint: LlmEndpoint,
    transport: "httpx2.BaseTransport",
    *,
    is_live: bool = False,
) -> LlmPart:
    """Ask as the chat did; what was recorded takes no time."""
    start = stored.events[0].body
    part = LlmPart(
        endpoint=endpoint,
        recorder=recorder,
        transport=transport,
        tools=tuple(start["tools"]),
        limits=Limits.model_validate(start["limits"]),
    )
    stops = {
        event.body["n_exchanges"] for event in stored.events if event.kind == "stop" and "n_exchanges" in event.body
    }
    if not is_live:
        part.is_stopped = lambda: len(recorder.exchanges) in stops  # the person stopped after so many answers
        part.sleep, part.monotonic = (lambda _seconds: None), (lambda: 0.0)
    return part
