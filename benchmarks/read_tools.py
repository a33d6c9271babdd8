"""The planner's read tools in a shop of a million, each beside the bare SQL that gives the same answer, and re-plans.

An assistant calls a tool as `api.verbs.assistants` does: the context and the further aggregates are looked up at each
call. The first call of a conversation reads the facts and has a line of its own.
"""

import json
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from agent.planning.contexts import Contexts
from agent.planning.playbook import PlaybookPlanner
from agent.toolbox.desk import Desk
from agent.toolbox.gathering import extras_of, open_size_of
from agent.toolbox.registry import tool_of
from eval.gym.installation import open_home
from memory.domain.brief import Brief, Goal
from memory.domain.clock import ManualClock
from memory.domain.money import Money

from .measure import Figure, contend, measure, n_people
from .read_tools_bare import bare, features, timed

PEER = "bare DuckDB SQL"
GOAL = "ratio <= 3, <= 50 ms"
SECONDS_GOAL = "<= 2 s"
GOALS = {"first call of a tool": ""}
Questions = dict[str, tuple[str, list[dict[str, Any]]]]


def run(short: bool) -> list[Figure]:
    """Give the p95 of each tool and of a re-plan, by the clock and in CPU time; raise where tool and SQL disagree."""
    n, k = n_people(short), 4 if short else 20
    with tempfile.TemporaryDirectory(prefix="second-order-read-") as folder:
        for step in ("make", "features"):
            measure("benchmarks.tick" if step == "make" else "benchmarks.read_tools", step, str(n), folder)
        ours, peer = (measure("benchmarks.read_tools", who, str(k), folder) for who in ("ours", "bare"))
    found, sql = json.loads(ours.result), json.loads(peer.result)
    for name, answers in sql["answers"].items():
        if answers != found["answers"][name]:
            raise RuntimeError(f"{name}: the tool says {found['answers'][name]}, the SQL {answers}")
    print(f"  {found['n_people']:,} people who bought, {k} calls of each; the tools and the SQL agree")
    tools = [
        Figure(f"{name}{of}", found["p95"][name][i], sql["p95"][name][i], "ms", PEER, goal)
        for name in sql["p95"]
        for i, (of, goal) in enumerate((("", GOAL), (", CPU", "")))
    ]
    first = found["seconds"]["first plan"]
    plans = [
        Figure(name, seconds, first, "s", "the first plan, which reads the facts", GOALS.get(name, SECONDS_GOAL))
        for name, seconds in found["seconds"].items()
        if name != "first plan"
    ]
    return [*tools, *plans, Figure("peak memory", ours.peak_mb, peer.peak_mb, "MB", PEER)]


def questions(k: int) -> Questions:
    """Give what is asked, by the figure's name: the tool and the arguments of each of its k calls, no two alike."""
    return {
        "store_overview": ("store_overview", [{}] * k),
        "list_segments": ("list_segments", [{}] * k),
        "budget_audit": ("budget_audit", [{}] * k),
        "forecast_repeat": ("forecast_repeat", [{}] * k),
        "recommend": ("recommend", [{"limit": 3}] * k),
        "size_segment by an attribute": ("size_segment", [_rule(op="compare", attribute="revenue_minor", test="ge",
                                                                value=1_000 + 250 * i) for i in range(k)]),
        "size_segment by events": ("size_segment", [_rule(op="did", events=["view"], within_days=10 + i, at_least=1)
                                                    for i in range(k)]),
        "size_segment by orders": ("size_segment", [_rule(op="bought", within_days=10 + i, at_least=1)
                                                    for i in range(k)]),
    }  # fmt: skip


def _rule(**rule: Any) -> dict[str, Any]:
    return {"rule": rule}


def ours(k: str, folder: str) -> str:
    """Call each tool k times and plan again after each kind of changed wish."""
    shop_id, at = json.loads((Path(folder) / "at.json").read_text())
    app = open_home(Path(folder) / "home", ManualClock(datetime.fromisoformat(at)))
    seconds = dict(_plans(app.contexts, shop_id, int(k)))
    began = time.perf_counter()
    _call(app.contexts, shop_id, "recommend", {})
    seconds["first call of a tool"] = time.perf_counter() - began
    p95: dict[str, tuple[float, float]] = {}
    answers: dict[str, Any] = {}
    for name, (tool, asked) in questions(int(k)).items():
        p95[name], said = timed([partial(_call, app.contexts, shop_id, tool, one) for one in asked])
        answers[name] = [_told(tool, one) for one in said]
    n_people = app.contexts.gather(shop_id, Brief()).n_people
    app.close()
    return json.dumps({"p95": p95, "answers": answers, "seconds": seconds, "n_people": n_people})


def _call(contexts: Contexts, shop_id: str, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    tool, context = tool_of(name), contexts.gather(shop_id, Brief())
    assert tool is not None
    size = partial(open_size_of, contexts, context)
    desk = Desk(Brief(), context, PlaybookPlanner.ref, extras_of(contexts, context), size)
    return tool.call(desk, arguments)


def _told(tool: str, answer: dict[str, Any]) -> Any:
    """Give the part of an answer that is read from facts, as the SQL gives it."""
    match tool:
        case "store_overview":
            cohorts = {row["id"]: [row["n_people"], row["n_reachable"]] for row in answer["cohorts"] if row["n_people"]}
            return [answer["n_people"], cohorts]
        case "list_segments":
            return {row["id"]: row["n_people"] for row in answer["cohorts"] if row["n_people"]}
        case "budget_audit":
            return answer["pre_purchase_minor"] + answer["post_purchase_minor"]
        case "forecast_repeat":
            return [row["repeat_rate"] for row in answer["first_buyers_came_back"]]
        case "recommend":
            return [row["n_people"] for row in answer["untrusted_pairs"]]
    return answer["n_people"]


def _plans(contexts: Contexts, shop_id: str, k: int) -> Iterator[tuple[str, float]]:
    """Give seconds: of the first plan, and the p95 of plans after a changed budget, a changed goal, a changed peak."""
    began = time.perf_counter()
    _plan(contexts, shop_id, Brief())
    yield "first plan", time.perf_counter() - began
    context = contexts.gather(shop_id, Brief())
    currency, peak = context.shop.currency, (context.peak_from, context.peak_until)
    changed = {
        "re-plan, another budget": [
            Brief(budget=Money(amount_minor=100_000 + 1_000 * i, currency=currency)) for i in range(k)
        ],
        "re-plan, another goal": [Brief(goal=Goal(within_days=30 + i)) for i in range(k // 2)],
        "re-plan, another peak": [
            Brief(peak_from=peak[0] - timedelta(days=1 + i), peak_until=peak[1]) for i in range(k // 2)
        ],
    }
    for name, briefs in changed.items():
        (clock_ms, _), _ = timed([partial(_plan, contexts, shop_id, brief) for brief in briefs])
        yield name, clock_ms / 1000


def _plan(contexts: Contexts, shop_id: str, brief: Brief) -> Any:
    return PlaybookPlanner().plan(brief, contexts.gather(shop_id, brief))


def by_hand(k: str, folder: str) -> str:
    """Answer the same questions with bare SQL."""
    return bare(Path(folder), questions(int(k)))


if __name__ == "__main__":
    contend({"features": features, "ours": ours, "bare": by_hand})
