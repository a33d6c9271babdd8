"""Recording a chat scenario: its turns one after the other over a live language model."""

from agent.chat.llm import LlmPart
from agent.chat.start import start_body
from agent.chat.state import ChatState
from agent.chat.turn import Ports, Turn
from agent.llm.endpoint import LlmEndpoint
from agent.sessions.recorder import Recorder
from agent.toolbox.registry import FEW

from .scenarios import Scenario


def chat_start(wanted: Scenario) -> dict[str, object]:
    """Give what the start entry of a chat holds."""
    return {**start_body(FEW, wanted.limits), "shows": wanted.shows}


def record_chat(wanted: Scenario, endpoint: LlmEndpoint, recorder: Recorder) -> None:
    """Say every turn and record what follows."""
    part = LlmPart(
        endpoint=endpoint,
        recorder=recorder,
        transport=recorder.transport(seconds=1_500),
        tools=FEW,
        limits=wanted.limits,
    )
    ports = Ports(
        recorder=recorder,
        gather=lambda _brief: (wanted.context, wanted.extras),
        planner=part.ref,
        draft=part.draft,
        translate=part.translator(),
    )
    state = ChatState()
    for text in wanted.turns:
        turn = Turn(state, ports)
        list(turn.run(text))
        state = turn.state
    recorder.rest(state.plan.id if state.plan else "")
