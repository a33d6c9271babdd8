"""One word from the configured language model: whether it answers at all, and how long that takes."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from memory.domain.base import Frozen
from memory.domain.errors import NotReady

from .client import chat_llm, ours
from .endpoint import LlmEndpoint
from .limits import Limits

if TYPE_CHECKING:
    import httpx2

QUESTION = "Answer with the one word: ready"
TRIAL_SECONDS = 20.0
MAX_TOKENS = 64
"""A word, and room for language models that think aloud before it."""
SHOWN_CHARS = 80


class TrialAnswer(Frozen):
    """What came back."""

    llm: str
    """The language model that was asked."""
    answer: str
    """Its words, cut to a line."""
    seconds: float
    """From the question to the whole answer."""


def ask_one_word(
    endpoint: LlmEndpoint,
    transport: "httpx2.BaseTransport",
    *,
    seconds: float = TRIAL_SECONDS,
    monotonic: Callable[[], float] = time.monotonic,
) -> TrialAnswer:
    """Ask once, without a second attempt; raise `NotReady` with what went wrong and what to check."""
    import openai

    llm = chat_llm(endpoint, Limits(max_seconds=seconds, max_answer_tokens=MAX_TOKENS), transport)
    began = monotonic()
    try:
        said = str(llm.invoke(QUESTION).text).strip()
    except openai.AuthenticationError:
        raise _not_ready("it refuses the key", "Check SECONDORDER_LLM_API_KEY") from None
    except openai.NotFoundError:
        remedy = "Check SECONDORDER_LLM_BASE_URL, which ends in /v1, and SECONDORDER_LLM_MODEL"
        raise _not_ready(f"it knows no {endpoint.llm}", remedy) from None
    except openai.APITimeoutError:
        raise _too_slow(seconds) from None
    except openai.OpenAIError as error:
        if (known := ours(error)) is not None:
            raise _not_ready(str(known), "Check the address and the server behind it") from None
        why = f"it cannot be asked ({type(error).__name__})"
        raise _not_ready(why, "Check that the server runs at SECONDORDER_LLM_BASE_URL") from None
    except Exception as error:  # an answer of any other form breaks the library in ways of its own
        if (known := ours(error)) is not None:
            raise _not_ready(str(known), "Check the address and the server behind it") from None
        why = f"its answer is no chat answer ({type(error).__name__})"
        raise _not_ready(why, "Check that SECONDORDER_LLM_BASE_URL speaks the OpenAI chat format") from None
    return TrialAnswer(llm=endpoint.llm, answer=said[:SHOWN_CHARS], seconds=round(monotonic() - began, 2))


def _too_slow(seconds: float) -> NotReady:
    return _not_ready(f"no answer came within {seconds:.3g} s", "Check the address, or choose a faster one")


def _not_ready(why: str, remedy: str) -> NotReady:
    return NotReady(what="the language model", why=why, remedy=remedy)
