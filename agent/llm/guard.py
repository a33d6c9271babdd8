"""The guard between endpoint and LangChain: only well-formed, bounded answers pass; all else becomes a typed refusal.

The recorder sits below and keeps the answer as it came. What the guard lets through is safe for parsers that do not
expect an enemy: no depth bombs, no duplicate keys, no numbers of five thousand digits, no megabytes of text.
"""

import json
from collections.abc import Callable
from typing import Any

import httpx2

from agent.sessions.deadline import within

from .strict_json import BadJson, fenced_object, strict_object

MAX_CONTENT_CHARS = 20_000
MAX_TOOL_CALLS = 4
UNREADABLE = "unreadable"
"""Arguments that could not be read reach the toolbox under this single key, with the reason."""


class GuardTransport(httpx2.BaseTransport):
    """Checks every answer with status 200 before LangChain sees it."""

    def __init__(
        self, inner: httpx2.BaseTransport, note: Callable[[BadJson], None], seconds_left: Callable[[], float]
    ) -> None:
        """Wrap the session's transport; `note` hears of every refused answer, `seconds_left` ends one that drips."""
        self._seconds_left = seconds_left
        self._inner, self._note, self._n_adopted = inner, note, 0

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Pass the request on and give an answer that is safe to parse."""
        with within(self._seconds_left()):
            response = self._inner.handle_request(request)
        if response.status_code != 200:
            return response
        answer = strict_object(response.text, max_chars=400_000, max_depth=16)
        if isinstance(answer, BadJson):
            return self._refuse(request, answer)
        message = _message(answer)
        if message is None:
            return self._refuse(request, BadJson(code="not_an_object", message="the answer holds no message"))
        tools = _offered(request.read())
        safe = self._safe_message(message, tools)
        return _respond(request, safe, _usage(answer))

    def close(self) -> None:
        """Close the transport below."""
        self._inner.close()

    def _refuse(self, request: httpx2.Request, bad: BadJson) -> httpx2.Response:
        self._note(bad)
        return _respond(request, {"role": "assistant", "content": f"[unreadable answer: {bad.code}]"}, {})

    def _safe_message(self, message: dict[str, Any], tools: frozenset[str]) -> dict[str, Any]:
        content = message.get("content")
        text = content if isinstance(content, str) else ""
        if len(text) > MAX_CONTENT_CHARS:
            self._note(BadJson(code="too_long", message=f"the text is longer than {MAX_CONTENT_CHARS} characters"))
            text = text[:200]
        raw = message.get("tool_calls")
        calls = [self._safe_call(call) for call in raw[:MAX_TOOL_CALLS]] if isinstance(raw, list) else []
        calls = [call for call in calls if call]
        if not calls and tools and (adopted := self._adopted(text, tools)):
            calls, text = [adopted], ""
        safe: dict[str, Any] = {"role": "assistant", "content": text}
        if calls:
            safe["tool_calls"] = calls
        return safe

    def _safe_call(self, call: Any) -> dict[str, Any] | None:
        function = call.get("function") if isinstance(call, dict) else None
        name = function.get("name") if isinstance(function, dict) else None
        if not isinstance(function, dict) or not isinstance(name, str) or not 0 < len(name) <= 64:
            self._note(BadJson(code="not_an_object", message="a tool call has no usable name"))
            return None
        given = function.get("arguments")
        arguments = strict_object(given if isinstance(given, str) else json.dumps(given)) if given else {}
        if isinstance(arguments, BadJson):
            self._note(arguments)
            arguments = {UNREADABLE: arguments.code}
        found = call.get("id")
        call_id = found if isinstance(found, str) and 0 < len(found) <= 128 else self._next_id()
        return _call(call_id, name, arguments)

    def _adopted(self, text: str, tools: frozenset[str]) -> dict[str, Any] | None:
        """Read a tool call that was written as text, as small models do."""
        inner = fenced_object(text)
        value = strict_object(inner) if inner else None
        if not isinstance(value, dict) or value.get("name") not in tools or set(value) - {"name", "arguments"}:
            return None
        arguments = value.get("arguments") or {}
        return _call(self._next_id(), value["name"], arguments) if isinstance(arguments, dict) else None

    def _next_id(self) -> str:
        self._n_adopted += 1
        return f"call_text_{self._n_adopted}"


def _call(call_id: str, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    text = json.dumps(arguments, ensure_ascii=False, separators=(",", ":"))
    return {"id": call_id, "type": "function", "function": {"name": name, "arguments": text}}


def _message(answer: dict[str, Any]) -> dict[str, Any] | None:
    choices = answer.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    message = first.get("message") if isinstance(first, dict) else None
    return message if isinstance(message, dict) else None


def _usage(answer: dict[str, Any]) -> dict[str, int]:
    given = answer.get("usage")
    names = ("prompt_tokens", "completion_tokens")
    if not isinstance(given, dict) or not all(type(given.get(name)) is int for name in names):
        return {}
    found = {name: max(0, given[name]) for name in names}
    return {**found, "total_tokens": sum(found.values())}


def _offered(body: bytes) -> frozenset[str]:
    asked = json.loads(body or b"{}")
    return frozenset(tool["function"]["name"] for tool in asked.get("tools") or [])


def _respond(request: httpx2.Request, message: dict[str, Any], usage: dict[str, int]) -> httpx2.Response:
    reason = "tool_calls" if message.get("tool_calls") else "stop"
    body: dict[str, Any] = {
        "id": "chatcmpl",
        "object": "chat.completion",
        "created": 0,
        "model": "llm",
        "choices": [{"index": 0, "message": message, "finish_reason": reason}],
    }
    if usage:
        body["usage"] = usage
    return httpx2.Response(200, json=body, request=request)
