"""The rails around create_agent: limits before each call, one retry policy, tools that only the bench runs."""

import time
from collections.abc import Callable
from typing import Any

from langchain.agents.middleware import AgentMiddleware, hook_config
from langchain.agents.middleware.types import ModelRequest, ModelResponse, ToolCallRequest
from langchain_core.messages import AIMessage, ToolMessage
from langchain_core.tools import BaseTool, StructuredTool

from agent.toolbox.draft_arguments import FEW_SCHEMA, DraftArguments
from agent.toolbox.registry import tool_of
from memory.domain.canonical import canonical_json

from .bench import Bench
from .client import retrying
from .limits import Meter

FEW_LIMIT = 6
"""A planner with fewer tools than this is told the short form of a draft."""
CHARS_PER_TOKEN = 3
"""A careful estimate for endpoints that report no usage."""


class Rails(AgentMiddleware[Any, Any]):
    """Everything that must hold whatever the language model writes."""

    def __init__(self, bench: Bench, meter: Meter, sleep: Callable[[float], None] = time.sleep) -> None:
        """Guard one run."""
        super().__init__()
        self._bench, self._meter, self._sleep = bench, meter, sleep

    @hook_config(can_jump_to=["end"])
    def before_model(self, state: Any, runtime: Any) -> dict[str, Any] | None:
        """End once a plan is accepted or the repairs are used up."""
        is_over = self._bench.plan is not None or self._bench.n_refused > self._meter.limits.max_repairs
        return {"jump_to": "end"} if is_over else None

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        """Count, call, and count what it used."""
        return retrying(self._sleep)(self._once, request, handler)

    def wrap_tool_call(self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Any]) -> ToolMessage:
        """Answer a tool call from the bench; LangChain's own execution is never reached."""
        call = request.tool_call
        result = self._bench.call(call["name"], call["args"])
        return ToolMessage(content=canonical_json(result).decode(), tool_call_id=call["id"], name=call["name"])

    def _once(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        self._meter.before_call()
        response = handler(request)
        for message in response.result:
            if isinstance(message, AIMessage):
                count(self._meter, message, sum(len(str(said.content)) for said in request.messages))
        return response


def count(meter: Meter, message: AIMessage, n_chars_asked: int) -> None:
    """Add what an answer used; estimated where the endpoint does not say."""
    used = message.usage_metadata
    if used:
        meter.after_call(used["input_tokens"], used["output_tokens"])
    else:
        meter.after_call(n_chars_asked // CHARS_PER_TOKEN, len(str(message.content)) // CHARS_PER_TOKEN + 1)


def tool_list(names: tuple[str, ...]) -> list[BaseTool]:
    """Give the named tools as LangChain offers them: names and schemas; the bench does the work."""
    return [_offered(name, is_few=len(names) < FEW_LIMIT) for name in names]


def _offered(name: str, *, is_few: bool) -> BaseTool:
    tool = tool_of(name)
    assert tool is not None, name

    def unreachable(**_given: Any) -> str:
        raise AssertionError("tools run on the bench")

    schema = FEW_SCHEMA if is_few and tool.arguments is DraftArguments else tool.schema()
    return StructuredTool(name=tool.name, description=tool.description, args_schema=schema, func=unreachable)
