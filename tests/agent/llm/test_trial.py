"""The test button of the language model, against a scripted server."""

import pytest

from agent.llm.trial import TrialAnswer, ask_one_word
from agent.sessions.deadline import TimedTransport
from agent.sessions.transport import RecordingTransport
from memory.domain.errors import NotReady
from tests.agent.llm.runs import endpoint
from tests.agent.llm.scripted import Dripped, Reply, ScriptedLlm, says, scripted_llm

pytestmark = pytest.mark.slow

QUICK = 0.4


def _ask(script: ScriptedLlm, seconds: float = 10.0) -> TrialAnswer:
    transport = RecordingTransport(TimedTransport(), lambda _exchange: None, seconds=seconds)
    return ask_one_word(endpoint(script.base_url), transport, seconds=seconds)


def test_the_answer_comes_with_its_name_and_its_time() -> None:
    with scripted_llm([says("ready " + "x" * 500)]) as script:
        found = _ask(script)
    assert found.llm == "scripted"
    assert found.answer.startswith("ready")
    assert len(found.answer) <= 80
    assert 0 <= found.seconds < 10
    assert len(script.requests) == 1


@pytest.mark.parametrize(
    ("status", "why"), [(401, "refuses the key"), (404, "knows no scripted"), (500, "cannot be asked")]
)
def test_a_refusal_names_what_to_check_and_never_the_key(status: int, why: str) -> None:
    with scripted_llm([b'{"error": {"message": "sk-secret"}}'], [status]) as script, pytest.raises(NotReady) as caught:
        _ask(script)
    assert why in str(caught.value)
    assert "SECONDORDER_LLM" in str(caught.value)
    assert "sk-secret" not in str(caught.value)


@pytest.mark.parametrize("reply", [Dripped("head"), Dripped("body"), b"<html>hello</html>", b'{"choices": []}'])
def test_an_answer_that_never_ends_or_is_none_is_a_refusal_in_time(reply: Reply) -> None:
    with scripted_llm([reply]) as script, pytest.raises(NotReady):
        _ask(script, QUICK)


def test_nobody_at_the_address() -> None:
    with scripted_llm([says("ready")]) as script:
        address = script
    with pytest.raises(NotReady, match="cannot be asked"):
        _ask(address)
