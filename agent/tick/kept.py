"""What a tick keeps of a decision's inputs, so that a replay can decide again without store and facts."""

from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from agent.code import code_version
from memory.domain.canonical import canonical_json
from memory.domain.decision_frame import DecisionFrame
from memory.domain.facts import DECISION_FRAMES_SCHEMA, DECISION_INPUTS_SCHEMA

from .decide import Decided, Frame
from .judge import decisions_hash


@dataclass(frozen=True)
class Kept:
    """The inputs of one plan's decisions in one batch."""

    inputs: pa.Table
    """`DECISION_INPUTS_SCHEMA`, both arms."""
    frame: pa.Table
    """`DECISION_FRAMES_SCHEMA`, one row."""
    decisions_hash: str
    """Of the plan's decisions alone."""


def keep(rows: pa.Table, frame: Frame, made: Decided, data_version: int) -> Kept:
    """Keep the candidates as they were judged, with their frame."""
    named = {"batch_id": frame.batch_id, "shop_id": frame.plan.shop_id, "plan_id": frame.plan.id}
    columns: dict[str, Any] = {name: pa.repeat(value, rows.num_rows) for name, value in named.items()}
    columns |= {name: rows[name] for name in DECISION_INPUTS_SCHEMA.names if name not in named}
    n_withheld = pc.sum(pc.not_equal(made.decisions["arm"], "treated")).as_py() or 0
    is_large = made.decisions.num_rows - n_withheld > frame.in_place_above
    found = decisions_hash([made])
    shared = DecisionFrame(
        **named,
        slot_at=frame.slot_at,
        seed=frame.seed,
        exploration_rate=frame.exploration_rate,
        budget_millis=frame.budget_millis,
        n_granted=dict(frame.n_granted),
        data_version=data_version,
        guardrail_version=frame.guardrails.version,
        code_version=code_version(),
        n_rows=rows.num_rows,
        n_decisions=made.decisions.num_rows,
        decisions_hash=found,
        later_minutes=frame.hours.minutes,
        best_hours=dict(frame.hours.best),
        is_in_place=is_large and not made.not_in_place,
        not_in_place=made.not_in_place,
    )
    row = named | {"frame": canonical_json(shared).decode()}
    inputs = pa.table(columns).cast(DECISION_INPUTS_SCHEMA)
    return Kept(inputs, pa.Table.from_pylist([row], DECISION_FRAMES_SCHEMA), found)
