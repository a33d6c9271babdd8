"""Record the golden sessions with the language model at an OpenAI-compatible address.

    python -m tests.golden.record                      all of them
    python -m tests.golden.record plain-en chat-zh     these
    python -m tests.golden.record --derive             no model: play the cassettes again and store what follows now
    python -m tests.golden.record --sign               no model, nothing new: sign the folders as they are
    LLM_ADDRESS and LLM_NAME choose the endpoint; the small local one by default.

`--derive` is for changes of the code below the model (composing, guardrails): the model's words stay the recorded
ones, plans and their hashes are made anew. Look at the difference before you commit it.
"""

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from agent.llm.bench import Bench
from agent.llm.endpoint import LlmEndpoint
from agent.llm.inputs import record_inputs
from agent.llm.planner import LlmRun, planner_ref
from agent.llm.prices import price_of
from agent.replay.run import replay
from agent.sessions.bundle import Bundle, read_bundle, sign_folder, write_bundle
from agent.sessions.recorder import Recorder
from agent.toolbox.desk import Desk
from memory.domain.clock import ManualClock

from .scenarios import SCENARIOS, Scenario, scenario
from .shop import AT

ADDRESS, NAME = "http://127.0.0.1:8042/v1", "qwen2.5-coder-1.5b-instruct-q4_k_m"
FOLDER = Path(__file__).parent / "sessions"
KEY = b"the golden sessions are sealed with a key everybody may know"
"""It proves nothing about who recorded them; it lets the tests see any change."""


def golden_endpoint() -> LlmEndpoint:
    """Give the endpoint to record with."""
    name = os.environ.get("LLM_NAME", NAME)
    return LlmEndpoint(base_url=os.environ.get("LLM_ADDRESS", ADDRESS), llm=name, price=price_of(name))


def begin(wanted: Scenario, endpoint: LlmEndpoint) -> Recorder:
    """Begin the session of a scenario on a clock that stands still."""
    from .chatting import chat_start

    return Recorder.begin(
        ManualClock(AT),
        KEY,
        shop_id="golden",
        kind=wanted.kind,
        principal="golden-marketer",
        data_version=wanted.context.data_version,
        guardrail_version=wanted.context.guardrail_version,
        llm=endpoint.llm,
        session_id=f"s-golden-{wanted.name}",
        start=chat_start(wanted),
    )


def record(wanted: Scenario, endpoint: LlmEndpoint) -> Recorder:
    """Record one scenario for real."""
    recorder = begin(wanted, endpoint)
    if wanted.kind == "chat":
        from .chatting import record_chat

        record_chat(wanted, endpoint, recorder)
        return recorder
    inputs = wanted.inputs(planner_ref(endpoint))
    record_inputs(recorder, inputs)
    desk = Desk(brief=inputs.brief, context=inputs.context, planner=inputs.planner, extras=inputs.extras)
    outcome = LlmRun(
        endpoint=endpoint,
        bench=Bench(desk, recorder, inputs.tools),
        recorder=recorder,
        transport=recorder.transport(seconds=1_500),
        limits=inputs.limits,
        language=inputs.language,
    ).run()
    plan_id = getattr(getattr(outcome, "plan", None), "id", "")
    recorder.finish("finished" if plan_id else "stopped", plan_id=plan_id, stop_reason=getattr(outcome, "code", ""))
    return recorder


def store(name: str, recorder: Recorder) -> None:
    """Write the session and what its replay has to give."""
    stored = recorder.stored()
    write_bundle(Bundle(stored), FOLDER / name, KEY)
    report = replay(stored, KEY)
    expected = {
        "llm": report.llm,
        "shows": scenario(name).shows,
        "end": report.recorded_end,
        "plan_ids": list(report.recorded_plan_ids),
        "n_exchanges": report.n_exchanges,
        "drift": list(report.drift),
    }
    text = json.dumps(expected, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    (FOLDER / name / "expected.json").write_text(text, encoding="utf-8")


def main(arguments: Sequence[str]) -> None:
    """Record, derive or sign the named scenarios."""
    names = [name for name in arguments if not name.startswith("-")] or [each.name for each in SCENARIOS]
    for name in names:
        began = time.monotonic()
        if "--sign" in arguments:
            sign_folder(FOLDER / name, KEY)
            continue
        if "--derive" in arguments:
            from .derive import derived

            recorder = derived(read_bundle(FOLDER / name, KEY).stored, KEY)
        else:
            recorder = record(scenario(name), golden_endpoint())
        store(name, recorder)
        used = recorder.head.usage
        took = f"{time.monotonic() - began:.0f} s"
        print(name, recorder.head.status, recorder.head.stop_reason, used, took, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
