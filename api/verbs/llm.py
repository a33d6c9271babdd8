"""The configured language model: which it is, and whether it answers."""

from typing import TYPE_CHECKING

from memory.domain.base import Frozen
from memory.domain.errors import NotReady

from .acting import Acting

if TYPE_CHECKING:
    from agent.llm.trial import TrialAnswer


class LlmStatus(Frozen):
    """What is set up."""

    llm: str
    """Its name; empty where none is set up and everything runs by rule."""
    address: str
    """Where it is asked."""
    has_key: bool
    """Whether a key is sent."""


def status(acting: Acting) -> LlmStatus:
    """Say which language model is set up."""
    acting.require("read")
    settings = acting.app.settings
    return LlmStatus(llm=settings.llm_model, address=settings.llm_base_url, has_key=bool(settings.llm_api_key))


def trial(acting: Acting, seconds: float | None = None) -> "TrialAnswer":
    """Ask it for one word and give name, answer and seconds; raise `NotReady` with what to check."""
    from agent.llm.endpoint import endpoint_of
    from agent.llm.trial import TRIAL_SECONDS, ask_one_word
    from agent.sessions.deadline import TimedTransport
    from agent.sessions.transport import RecordingTransport

    acting.require("plan")
    endpoint = endpoint_of(acting.app.settings)
    if endpoint is None:
        remedy = "Set SECONDORDER_LLM_BASE_URL and SECONDORDER_LLM_MODEL; without, everything runs by rule"
        raise NotReady(what="the language model", why="none is set up", remedy=remedy)
    limit = seconds or TRIAL_SECONDS
    transport = RecordingTransport(TimedTransport(), lambda _exchange: None, seconds=limit)
    found = ask_one_word(endpoint, transport, seconds=limit)
    acting.log("llm.test", "llm", llm=found.llm, seconds=found.seconds)
    return found
