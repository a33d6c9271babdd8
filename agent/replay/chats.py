"""Replaying a chat: the recorded words, facts and traffic through the same turns."""

from agent.chat.llm import LlmPart
from agent.chat.state import ChatState
from agent.chat.turn import Ports, Turn
from agent.llm.endpoint import LlmEndpoint
from agent.llm.inputs import recorded_inputs
from agent.llm.limits import Limits
from agent.llm.prices import price_of
from agent.planning.context import PlanContext
from agent.sessions.recorder import Recorder
from agent.sessions.transport import PlaybackTransport
from agent.toolbox.desk import Extras
from memory.domain.brief import Brief
from memory.domain.plan import PlannerRef
from memory.store.sessions import StoredSession

from .run import tool_records


def replay_chat(stored: StoredSession, recorder: Recorder, player: PlaybackTransport, drift: list[str]) -> None:
    """Run every recorded turn again."""
    start = stored.events[0].body
    gathered = list(recorded_inputs(stored.events))
    part = _part(stored, recorder, player) if stored.head.llm else None

    def gather(brief: Brief) -> tuple[PlanContext, Extras]:
        if not gathered:
            drift.append("facts were read once more than recorded")
            raise LookupError("facts that were not recorded")
        inputs = gathered.pop(0)
        if inputs.brief != brief:
            drift.append("facts were read for another brief")
        return inputs.context, inputs.extras

    planner = part.ref if part else PlannerRef(kind="playbook", version=start["planner_version"])
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
    name = stored.head.llm
    return LlmPart(
        endpoint=LlmEndpoint(base_url="http://llm.invalid/v1", llm=name, price=price_of(name)),
        recorder=recorder,
        transport=recorder.transport(player),
        tools=tuple(start["tools"]),
        limits=Limits.model_validate(start["limits"]),
        records=tool_records(stored.events),
        sleep=lambda _seconds: None,
        monotonic=lambda: 0.0,
    )
