"""The planner that is a language model: create_agent on rails, ending in an accepted plan or a safe stop."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from agent.sessions.recorder import Recorder
from agent.toolbox.desk import Desk
from agent.toolbox.draft_arguments import FEW_SCHEMA
from agent.toolbox.registry import ALL
from memory.domain.base import Frozen
from memory.domain.outcome import Stopped
from memory.domain.plan import Plan, PlannerRef

from .bench import Bench
from .client import chat_llm, ours, retrying
from .endpoint import LlmEndpoint
from .guard import GuardTransport
from .limits import BY_PERSON, LimitReached, Limits, Meter
from .prompting import PROMPTS, brief_text, compact, nudge, planner_system, prompt_refs, structured_request
from .strict_json import BadJson, fenced_object, strict_object

if TYPE_CHECKING:
    import httpx2
    from langchain_openai import ChatOpenAI

VERSION = "llm-1"
OPENING = ("store_overview", "recommend", "propose_offers")
"""Calls made before the language model's first: it always needs them, and small ones forget them."""
STEPS_PER_CALL = 6
"""LangGraph steps one model call may take before its own recursion limit ends the run."""


class Planned(Frozen):
    """A plan that was accepted."""

    plan: Plan
    """The composed and checked plan."""


def planner_ref(endpoint: LlmEndpoint) -> PlannerRef:
    """Give how plans name this planner."""
    return PlannerRef(kind="llm", version=VERSION, llm=endpoint.llm, prompts=prompt_refs(PROMPTS))


@dataclass
class LlmRun:
    """One run over one desk. Whatever the language model does, `run` gives a plan or a safe stop."""

    endpoint: LlmEndpoint
    """Which language model."""
    bench: Bench
    """Where its tool calls are run."""
    recorder: Recorder
    """Where everything is recorded."""
    transport: "httpx2.BaseTransport"
    """The session's transport: live or a cassette."""
    limits: Limits = field(default_factory=Limits)
    """Hard limits."""
    language: str = "en"
    """Language of title and note."""
    sleep: Callable[[float], None] = time.sleep
    """Waits between attempts; tests give one that does not."""
    monotonic: Callable[[], float] = time.monotonic
    """Measures seconds; a replay gives one that stands still."""
    is_stopped: Callable[[], bool] = lambda: False
    """Whether the person who asked wants no further call."""

    def run(self) -> Planned | Stopped:
        """Plan; usage and cost are kept on the session either way."""
        meter = Meter(self.limits, self.endpoint.price, self.monotonic, self.is_stopped)
        guarded = GuardTransport(self.transport, self._note, lambda: meter.seconds_left)
        try:
            outcome = self._plan(chat_llm(self.endpoint, self.limits, guarded), meter)
        except Exception as error:  # a planner never brings its caller down
            outcome = stopped(error)
        self.recorder.note_usage(meter.usage(), meter.cost_microunits)
        if isinstance(outcome, Stopped):
            at = {"n_exchanges": len(self.recorder.exchanges)} if outcome.code == BY_PERSON else {}
            self.recorder.record("stop", {"code": outcome.code, "message": outcome.message, **at})
        else:
            self.recorder.record("plan", {"plan_id": outcome.plan.id, "plan": outcome.plan})
        return outcome

    def _plan(self, llm: "ChatOpenAI", meter: Meter) -> Planned | Stopped:
        self._converse(llm, meter)
        if self.bench.plan is None and self.bench.n_submitted == 0:
            self._ask_structured(llm, meter)
        if self.bench.plan is not None:
            return Planned(plan=self.bench.plan)
        if self.bench.n_submitted:
            return Stopped(
                code="refused_too_often",
                message=f"{self.bench.n_submitted} submissions were refused; nothing was stored or scheduled.",
                reasons=self.bench.reasons,
            )
        return Stopped(code="nothing_submitted", message="The planner never submitted a plan; nothing was stored.")

    def _converse(self, llm: "ChatOpenAI", meter: Meter) -> None:
        """Let the agent work; where it stops without a submission, say so once."""
        from langchain.agents import create_agent
        from langchain.agents.middleware import ModelCallLimitMiddleware

        from .rails import Rails, tool_list

        limit: Any = ModelCallLimitMiddleware(run_limit=self.limits.max_calls, exit_behavior="error")
        agent: Any = create_agent(
            llm,
            tool_list(self.bench.allowed),
            system_prompt=planner_system(self.bench.desk, self.language),
            middleware=[Rails(self.bench, meter, self.sleep), limit],
        )
        config = {"recursion_limit": self.limits.max_calls * STEPS_PER_CALL + 10, "max_concurrency": 1}
        messages: list[Any] = [("user", self._asked()), *self._look_first()]
        for _ in range(2):
            messages = agent.invoke({"messages": messages}, config)["messages"]
            if self.bench.plan is not None or self.bench.n_refused > self.limits.max_repairs:
                return
            messages = [*messages, ("user", nudge())]

    def _asked(self) -> str:
        desk = self.bench.desk
        return brief_text(desk.brief, desk.context.lessons)

    def _look_first(self) -> list[Any]:
        """Make the calls every plan begins with; the language model finds their answers in its conversation."""
        from langchain_core.messages import AIMessage, ToolMessage

        opening = [name for name in OPENING if name in self.bench.allowed]
        calls = [{"id": f"look_{number}", "name": name, "args": {}} for number, name in enumerate(opening, 1)]
        answers = [compact(self.bench.call(name, {})) for name in opening]
        told = [
            ToolMessage(content=answer, tool_call_id=call["id"], name=call["name"])
            for call, answer in zip(calls, answers, strict=True)
        ]
        return [AIMessage(content="", tool_calls=calls), *told]

    def _ask_structured(self, llm: "ChatOpenAI", meter: Meter) -> None:
        """Ask once for the draft as one JSON object; it needs no tool template at the endpoint."""
        from .rails import count

        schema = {"name": "draft", "schema": FEW_SCHEMA}
        bound = llm.bind(response_format={"type": "json_schema", "json_schema": schema})
        request = structured_request(self.bench.desk, self.language)

        def once() -> Any:
            meter.before_call()
            return bound.invoke([("system", request), ("user", self._asked())])

        answer = retrying(self.sleep)(once)
        count(meter, answer, len(request))
        text = str(answer.content)
        value = strict_object(fenced_object(text) or text)
        if isinstance(value, BadJson):
            self._note(value)
            return
        self.bench.call("submit_plan", value)

    def _note(self, bad: BadJson) -> None:
        self.recorder.record("refusal", {"tool": "", "reasons": [bad.model_dump(mode="json")]})


def make_bench(desk: Desk, recorder: Recorder, tools: tuple[str, ...] = ALL) -> Bench:
    """Give a live bench with these tools."""
    return Bench(desk, recorder, tools)


def stopped(error: Exception) -> Stopped:
    """Turn whatever went wrong into a safe stop; the text of foreign errors is not passed on."""
    import openai
    from langchain.agents.middleware.model_call_limit import ModelCallLimitExceededError
    from langgraph.errors import GraphRecursionError

    own = ours(error)
    if isinstance(own, LimitReached):
        return Stopped(code=own.code, message=f"Stopped at a limit: {own.message}.")
    if own is not None:
        return Stopped(code=_CODES.get(type(own).__name__, "llm_unusable"), message=str(own))
    if isinstance(error, ModelCallLimitExceededError | GraphRecursionError):
        return Stopped(code="too_many_calls", message="Stopped at a limit: too many calls.")
    if isinstance(error, openai.APIConnectionError | openai.InternalServerError | openai.RateLimitError):
        return Stopped(code="llm_unavailable", message="The language model's endpoint does not answer; try later.")
    if isinstance(error, openai.APIStatusError):
        return Stopped(code="llm_refused", message=f"The endpoint refused the request (HTTP {error.status_code}).")
    return Stopped(code="planner_failed", message=f"The planner failed ({type(error).__name__}); nothing was stored.")


_CODES = {"AnswerTooLarge": "answer_too_large", "AnswerTooSlow": "too_slow", "CassetteMiss": "cassette_miss"}
