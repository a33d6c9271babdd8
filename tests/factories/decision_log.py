"""A shop's log of decisions in which chance sent to half of the people, with a law that the test knows."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from memory.domain.facts import (
    DECISION_INPUTS_SCHEMA,
    DECISIONS_SCHEMA,
    LAKE_SCHEMAS,
    OPTIONS_SCHEMA,
)
from memory.lake.lake import Lake
from tests.factories.facts import fact

Tables = dict[str, list[dict[str, Any]]]
Law = Callable[[dict[str, Any]], float]
"""From a candidate to the chance of an order that its message adds."""
SCHEMAS = {
    **LAKE_SCHEMAS,
    "decisions": DECISIONS_SCHEMA,
    "decision_options": OPTIONS_SCHEMA,
    "decision_inputs": DECISION_INPUTS_SCHEMA,
}
BATCH = "batch-of-chance"
DECISIONS = ("decisions", "decision_options", "decision_inputs")


def decided(
    number: int, at: datetime, *, is_sent: bool, shop_id: str = "nord", plan_id: str = "plan", chance: float = 0.5,
    reason: str = "explored", arm: str = "treated", **known: Any,
) -> Tables:  # fmt: skip
    """One decision about one person: its row, its option, its candidate."""
    kind = str(known.get("message_kind", "cross_sell"))
    named = {"person_id": f"q{number:06d}", "step_id": f"vip.{kind}"}
    option, decision = f"vip.{kind}:email", f"{plan_id}/vip.{kind}/{named['person_id']}"
    candidate = {
        "batch_id": BATCH, "shop_id": shop_id, "plan_id": plan_id, **named, "cohort": "vip", "arm": arm,
        "option_id": option, "channel": "email", "message_kind": kind, "message_class": "promotional", "market": "DE",
        "send_at": at, "last_order_at": at - timedelta(days=30), "cap_rate": 1.0, "n_sent_window": 0,
        "n_promotional": 0, "n_value": 0, "is_fallback": False, "waited_on": "", **known,
    }  # fmt: skip
    return {
        "decisions": [
            {"batch_id": BATCH, "decision_id": decision, "shop_id": shop_id, "plan_id": plan_id, "slot_at": at,
             **named, "cohort": candidate["cohort"], "arm": arm, "chosen": option if is_sent else "none",
             "chosen_reason": reason, "is_explored": True, "propensity": chance if is_sent else 1 - chance,
             "is_fallback": False}
        ],
        "decision_options": [
            {"batch_id": BATCH, "decision_id": decision, "option_id": option, "channel": "email", "allowed": True,
             "propensity": chance, "cost_millis": 100_000}
        ],
        "decision_inputs": [candidate],
    }  # fmt: skip


def log_of_chance(n: int, at: datetime, law: Law, *, seed: int = 1, shop_id: str = "nord", **changes: Any) -> Tables:
    """`n` decisions about as many people, half of them sent; one in ten orders again, and `law` adds to that."""
    rng, found = np.random.default_rng(seed), dict[str, list[dict[str, Any]]]()
    for number in range(n):
        known: dict[str, Any] = {"cohort": ("vip", "first_time")[number % 2], "n_promotional": number // 2 % 8}
        is_sent = bool(rng.random() < 0.5)
        tables = decided(number, at, is_sent=is_sent, shop_id=shop_id, **known, **changes)
        candidate = tables["decision_inputs"][0]
        if rng.random() < 0.1 + is_sent * law(candidate):
            person = candidate["person_id"]
            row = fact("orders", 10**6 + number, at + timedelta(days=9), subject_id=person, shop_id=shop_id)
            tables["orders"] = [row]
        for name, rows in tables.items():
            found.setdefault(name, []).extend(rows)
    return found


def written(lake: Lake, tables: Tables, after: dict[str, int] | None = None) -> dict[str, int]:
    """Append the rows and give the versions of their tables."""
    before = after or {}
    return {
        name: lake.append(name, pa.Table.from_pylist(rows, SCHEMAS[name]), after=before.get(name))
        for name, rows in tables.items()
    }
