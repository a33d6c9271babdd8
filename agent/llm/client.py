"""The one door to a language model: ChatOpenAI on a transport of our own, retried in one place only."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from agent.sessions.transport import AnswerTooLarge, AnswerTooSlow, CassetteMiss

from .endpoint import LlmEndpoint
from .limits import LimitReached, Limits

if TYPE_CHECKING:
    import httpx2
    from langchain_openai import ChatOpenAI
    from tenacity import RetryCallState, Retrying

MAX_ATTEMPTS = 3
MAX_WAIT_SECONDS = 20.0


def chat_llm(endpoint: LlmEndpoint, limits: Limits, transport: "httpx2.BaseTransport") -> "ChatOpenAI":
    """Give the chat client: temperature 0, no retries of its own, no redirects, nothing read from the environment."""
    import httpx2
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    client = httpx2.Client(transport=transport, timeout=limits.max_seconds, follow_redirects=False, trust_env=False)
    return ChatOpenAI(
        model=endpoint.llm,
        base_url=endpoint.base_url,
        api_key=SecretStr(endpoint.api_key or "none"),
        temperature=0,
        max_retries=0,
        max_completion_tokens=limits.max_answer_tokens,
        http_client=client,
        use_responses_api=False,
        stream_usage=False,
    )


def retrying(sleep: Callable[[float], None] = time.sleep) -> "Retrying":
    """Give the only retry policy there is: connection errors, 429 and 5xx, three attempts, bounded waits."""
    from tenacity import Retrying, retry_if_exception, stop_after_attempt

    return Retrying(
        retry=retry_if_exception(is_transient),
        wait=_wait,
        stop=stop_after_attempt(MAX_ATTEMPTS),
        sleep=sleep,
        reraise=True,
    )


def is_transient(error: BaseException) -> bool:
    """Say whether asking again can help."""
    import openai

    if ours(error) is not None:
        return False
    return isinstance(error, openai.APIConnectionError | openai.RateLimitError | openai.InternalServerError)


def ours(error: BaseException | None) -> Exception | None:
    """Give the error of our own that a client library wrapped, or none."""
    while error is not None:
        if isinstance(error, AnswerTooLarge | AnswerTooSlow | CassetteMiss | LimitReached):
            return error
        error = error.__cause__ or error.__context__
    return None


def _wait(state: "RetryCallState") -> float:
    error: Any = state.outcome.exception() if state.outcome else None
    headers = getattr(getattr(error, "response", None), "headers", {})
    asked = str(headers.get("retry-after", ""))
    seconds = float(asked) if asked.replace(".", "", 1).isdigit() else 0.5 * 2**state.attempt_number
    return min(seconds, MAX_WAIT_SECONDS)
