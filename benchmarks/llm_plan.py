"""Ten LLM plan runs on a local model: calls, tokens, seconds, and how each ended.

python -m benchmarks.llm_plan [runs]        LLM_ADDRESS and LLM_NAME choose the endpoint
"""

import statistics
import sys
import time
from dataclasses import replace

from agent.llm.bench import Bench
from agent.llm.planner import LlmRun, Planned, planner_ref
from agent.toolbox.desk import Desk
from tests.golden.record import begin, golden_endpoint
from tests.golden.scenarios import Scenario, scenario

NOTES = (
    "Reactivated buyers complained about too many messages.",
    "First-time buyers matter most.",
    "Use fewer discounts.",
    "VIPs should feel special.",
    "Keep it cheap.",
    "Bring people back in January.",
    "Ask for more reviews.",
    "Grow the membership.",
    "Sell the rest of the winter range.",
    "",
)


def once(wanted: Scenario) -> tuple[str, dict[str, int], float]:
    """Give how one run ended, its usage, and its seconds."""
    endpoint = golden_endpoint()
    recorder = begin(wanted, endpoint)
    inputs = wanted.inputs(planner_ref(endpoint))
    desk = Desk(brief=inputs.brief, context=inputs.context, planner=inputs.planner, extras=inputs.extras)
    began = time.monotonic()
    outcome = LlmRun(
        endpoint=endpoint,
        bench=Bench(desk, recorder, inputs.tools),
        recorder=recorder,
        transport=recorder.transport(seconds=1_500),
        limits=inputs.limits,
    ).run()
    end = "plan" if isinstance(outcome, Planned) else outcome.code
    return end, recorder.head.usage, time.monotonic() - began


def main(n_runs: int) -> None:
    """Run the briefs one after the other and print a line for each, and the medians."""
    rows = []
    for number in range(n_runs):
        note = NOTES[number % len(NOTES)]
        row = once(replace(scenario("plain-en"), notes=(note,) if note else ()))
        rows.append(row)
        end, used, seconds = row
        tokens = used["input_tokens"] + used["output_tokens"]
        print(f"{number + 1:2d}  {end:20s} {used['calls']} calls  {tokens:6d} tokens  {seconds:6.0f} s", flush=True)
    print(f"plans: {sum(end == 'plan' for end, _, _ in rows)} of {len(rows)}, all others safe stops")
    for name in ("calls", "input_tokens", "output_tokens"):
        print(f"median {name}: {statistics.median(used[name] for _, used, _ in rows):g}")
    print(f"median seconds: {statistics.median(seconds for _, _, seconds in rows):.0f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
