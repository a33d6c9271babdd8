"""An OpenAI-compatible endpoint on loopback whose answers a function gives; it keeps every byte it was sent."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from agent.llm.endpoint import LlmEndpoint
from agent.llm.inputs import PlanInputs, record_inputs
from agent.llm.limits import Limits
from agent.llm.planner import LlmRun, Planned, make_bench, planner_ref
from agent.planning.context import PlanContext
from agent.sessions.recorder import Recorder
from agent.toolbox.desk import Desk, Extras
from agent.toolbox.registry import ALL
from memory.domain.brief import Brief
from memory.domain.clock import ManualClock
from memory.domain.outcome import Stopped

KEY = b"the key of sessions that are made to be broken"
AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
Brain = Callable[[int, dict[str, Any]], "bytes | dict[str, Any]"]
"""Gives the answer to request number n: a message, or raw bytes."""


@dataclass
class LoopbackLlm:
    """The endpoint."""

    brain: Brain
    """Who answers."""
    requests: list[bytes] = field(default_factory=list)
    """Every body it was sent."""
    base_url: str = ""
    """Its address."""


def calls(name: str, arguments: Any, call_id: str = "call_1") -> dict[str, Any]:
    """Give an assistant message with one tool call; `arguments` may be text, as broken as wanted."""
    text = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
    function = {"name": name, "arguments": text}
    call = {"id": call_id, "type": "function", "function": function}
    return {"role": "assistant", "content": None, "tool_calls": [call]}


def always(answer: bytes) -> Brain:
    """Give a brain that has one answer."""
    return lambda _number, _asked: answer


def completion(message: dict[str, Any]) -> bytes:
    """Wrap a message as a chat completion with usage."""
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    body = {"id": "c", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice], "usage": usage}
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")


@contextmanager
def loopback_llm() -> Iterator[LoopbackLlm]:
    """Serve on a free port of this machine; set `brain` before each run."""
    llm = LoopbackLlm(lambda _number, _asked: {"role": "assistant", "content": ""})

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            llm.requests.append(body)
            reply = llm.brain(len(llm.requests), json.loads(body))
            answer = reply if isinstance(reply, bytes) else completion(reply)
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    llm.base_url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield llm
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def plan_with(
    llm: LoopbackLlm,
    context: PlanContext,
    *,
    extras: Extras | None = None,
    brief: Brief | None = None,
    recall: Callable[[str], tuple[tuple[str, str], ...]] | None = None,
    limits: Limits | None = None,
    session_id: str = "s-faults",
    endpoint: LlmEndpoint | None = None,
) -> tuple[Planned | Stopped, Recorder]:
    """Let the endpoint plan once; give the outcome and the finished recording. `llm.requests` starts anew.

    Another `endpoint` takes the place of the loopback one: a real language model, with time for its answers.
    """
    llm.requests.clear()
    seconds = 30 if endpoint is None else 600
    endpoint = endpoint or LlmEndpoint(base_url=llm.base_url, llm="loopback")
    shop_id = context.shop.shop_id
    recorder = Recorder.begin(
        ManualClock(AT), KEY, shop_id=shop_id, kind="plan", principal="eval", session_id=session_id
    )
    inputs = PlanInputs(
        brief=brief or Brief(), context=context, extras=extras or Extras(), planner=planner_ref(endpoint), tools=ALL,
        limits=limits or Limits(max_calls=8),
    )  # fmt: skip
    record_inputs(recorder, inputs)
    desk = Desk(inputs.brief, context, inputs.planner, inputs.extras, recall=recall)
    transport = recorder.transport(seconds=seconds)
    run = LlmRun(
        endpoint, make_bench(desk, recorder, ALL), recorder, transport, inputs.limits, sleep=lambda _seconds: None
    )
    outcome = run.run()
    transport.close()
    if isinstance(outcome, Planned):
        recorder.finish("finished", plan_id=outcome.plan.id)
    else:
        recorder.finish("stopped", stop_reason=outcome.code)
    return outcome, recorder
