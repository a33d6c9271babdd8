"""Broken answers of a language model: each ends in a plan or a safe stop, with at most two repairs (case C1).

    python -m eval.faults.garbage --outputs 400

The corpus is hand-written kinds of breakage and seeded damage to good answers (cut, flipped, doubled, wrapped,
mistyped, blown up), for the arguments of a call and for whole answers. It may only end in `Planned` or `Stopped`.
"""

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from agent.llm.limits import Limits
from agent.llm.planner import Planned
from memory.domain.outcome import Stopped

from .loopback_llm import always, calls, completion, loopback_llm, plan_with
from .round_context import round_context

GOOD: dict[str, Any] = {"title": "After the peak", "drop": {"vip": ["gift_with_purchase"]}, "note": "Fewer gifts."}
MOST_CALLS = 6
VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 1.5, 10**17, "", "x", [], {}, [[]], "0.1", "NaN", ["cross_sell"] * 500, {"vip": None}, "\ud7ff",
)  # fmt: skip
FIELDS = ("title", "drop", "add", "journeys", "offers", "buckets", "holdout_rate", "note", "approve", "__class__")
RAW: tuple[bytes, ...] = (
    b"", b"null", b"[]", b"{}", b"not json", b"\xff\xfe\x00", b'{"id":1,"id":2}', b'{"choices":' + b"[" * 100_000,
    b"x" * 2_000_000, b'{"choices":[{"message":{"content":' + b"9" * 5_000 + b"}}]}",
    b'{"choices":[{"message":{"tool_calls":"x"}}]}', b'{"choices":[{"message":null}]}', b'{"choices":5}',
)  # fmt: skip
TEXTS = (
    "", "I'm sorry, I can't help with that.", "好的，我来帮您。", "Bien sûr !", "```json\n{\n```", "y" * 900_000,
    '```json\n{"name": "rm -rf", "arguments": {}}\n```', '{"name": "submit_plan", "arguments": ' + '{"a":' * 3_000,
    "<tool_call>submit_plan</tool_call>", "\u202e{}", "{" * 50_000,
)  # fmt: skip
ARGUMENTS = (
    "", "{", "[" * 100_000, '{"add":' * 100_000, '{"holdout_rate": ' + "9" * 5_000 + "}", '{"title":"x","title":"y"}',
    '{"title": "' + "x" * 2_000_000 + '"}', '{"holdout_rate": NaN}', '{"holdout_rate": 1e999}', "null", "42",
    '"submit"',
    "```json\n{}\n```", "Sure! Here is the plan:", "\x00\x01", '{"title": "\\ud800"}', '{"title": "\\u0000\\u202e"}',
)  # fmt: skip
TOOLS = (
    "",
    "transfer_money",
    "submit_plan ",
    "SUBMIT_PLAN",
    "x" * 10_000,
    "../submit_plan",
    "set_guardrails",
    "approve",
)


@dataclass(frozen=True)
class Result:
    """What was tried."""

    n: int
    """Answers."""
    ends: dict[str, int]
    """How the runs ended."""
    wrong: tuple[str, ...]
    """Runs that ended otherwise or asked too often; has to be empty."""

    @property
    def holds(self) -> bool:
        """Say whether every run ended safely."""
        return self.n > 0 and not self.wrong


def corpus(n: int, seed: int = 7) -> Iterator[tuple[str, bytes]]:
    """Give `n` broken answers with their kind: every hand-written one first, then damage to good ones."""
    yield from islice(_all(random.Random(seed)), n)  # noqa: S311  chance, not secrets


def _all(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    yield from (("raw", raw) for raw in RAW)
    yield from (("text", completion({"role": "assistant", "content": text})) for text in TEXTS)
    yield from (("arguments", completion(calls("submit_plan", text))) for text in ARGUMENTS)
    yield from (("tool", completion(calls(name, {}))) for name in TOOLS)
    for name in FIELDS:
        for value in VALUES:
            yield "type", completion(calls("submit_plan", {**GOOD, name: value}))
    good = completion(calls("submit_plan", GOOD))
    while True:
        kind, damage = rng.choice(list(_DAMAGE.items()))
        yield kind, damage(good, rng)


def _flip(good: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(good))
    return good[:at] + bytes([good[at] ^ (1 << rng.randrange(8))]) + good[at + 1 :]


def _double(good: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(good))
    end = min(len(good), start + rng.randrange(1, 60))
    return good[:end] + good[start:end] + good[end:]


def _inner(good: bytes, rng: random.Random) -> bytes:
    text = json.dumps(GOOD)
    cut = rng.randrange(len(text))
    return completion(calls("submit_plan", text[:cut] + rng.choice(["", "}", '"', ",", "]"])))


_DAMAGE: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "cut": lambda good, rng: good[: rng.randrange(len(good))],
    "flip": _flip,
    "double": _double,
    "inner": _inner,
    "wrapped": lambda good, rng: rng.choice([b"[", b"```json\n", b"data: ", b"\xef\xbb\xbf"]) + good,
}


def run(n: int, seed: int = 7) -> Result:
    """Answer `n` runs with one broken answer each, again and again until they end."""
    ends: Counter[str] = Counter()
    wrong: list[str] = []
    context = round_context()
    with loopback_llm() as llm:
        for number, (kind, answer) in enumerate(corpus(n, seed)):
            llm.brain = always(answer)
            outcome, recorder = plan_with(llm, context, limits=Limits(max_calls=MOST_CALLS))
            code = "planned" if isinstance(outcome, Planned) else outcome.code
            ends[code] += 1
            n_submitted = sum(e.kind == "tool_call" and e.body["tool"] == "submit_plan" for e in recorder.events)
            is_safe = isinstance(outcome, Planned | Stopped) and code != "planner_failed"
            if not is_safe or len(llm.requests) > MOST_CALLS or n_submitted > 1 + Limits().max_repairs:
                wrong.append(f"{number} {kind}: {code}, {len(llm.requests)} requests, {n_submitted} submissions")
    return Result(sum(ends.values()), dict(sorted(ends.items())), tuple(wrong[:20]))


def main(arguments: Sequence[str]) -> int:
    """Try, print, and fail where one run does not end safely."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--outputs", type=int, default=400)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args(arguments)
    found = run(given.outputs, given.seed)
    sys.stdout.write(f"{found.n - len(found.wrong)} of {found.n} broken answers ended safely: {found.ends}\n")
    sys.stdout.write("".join(f"WRONG {one}\n" for one in found.wrong))
    return 0 if found.holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
