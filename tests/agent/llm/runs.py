"""One planner run against a scripted server, over the round-figured context."""

from datetime import UTC, datetime
from typing import Any

from agent.llm.endpoint import LlmEndpoint
from agent.llm.limits import Limits
from agent.llm.planner import LlmRun, Planned, make_bench, planner_ref
from agent.llm.prices import LlmPrice
from agent.sessions.recorder import Recorder
from agent.toolbox.desk import Desk
from agent.toolbox.registry import FEW
from memory.domain.brief import Brief
from memory.domain.clock import ManualClock
from memory.domain.outcome import Stopped
from tests.factories.planning import context

from .scripted import ScriptedLlm

KEY = b"a key for tests only, 32 bytes.."
PRICE = LlmPrice.model_validate(
    {"llm": "scripted", "input_price": 1, "output_price": 2, "as_of": "2026-01-01", "source": "test"}
)


def endpoint(base_url: str) -> LlmEndpoint:
    """The scripted server as an endpoint with a price and a key."""
    return LlmEndpoint(base_url=base_url, llm="scripted", api_key="sk-secret", price=PRICE)


def run_against(
    script: ScriptedLlm,
    *,
    limits: Limits | None = None,
    tools: tuple[str, ...] = FEW,
    brief: Brief | None = None,
    **options: Any,
) -> tuple[Planned | Stopped, Recorder]:
    """Run the planner once; never waits between attempts."""
    recorder = Recorder.begin(
        ManualClock(datetime(2026, 12, 1, 9, tzinfo=UTC)), KEY, shop_id="nord", kind="plan", principal="anna",
        session_id="s-test",
    )  # fmt: skip
    where = endpoint(script.base_url)
    desk = Desk(brief=brief or Brief(), context=options.pop("context", None) or context(), planner=planner_ref(where))
    run = LlmRun(
        endpoint=where,
        bench=make_bench(desk, recorder, tools),
        recorder=recorder,
        transport=recorder.transport(seconds=options.pop("seconds", 30.0)),
        limits=limits or Limits(),
        sleep=lambda _seconds: None,
        **options,
    )
    return run.run(), recorder
