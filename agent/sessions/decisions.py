"""The decision inputs of a session whose plan went live: what its ticks decided over, as three files.

Person ids are the lake's keyed hashes; there is no contact data in any column.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import ValidationError

from memory.domain.base import Frozen
from memory.domain.canonical import canonical_json
from memory.domain.decision_frame import DecisionFrame
from memory.domain.facts import DECISION_INPUTS_SCHEMA, DECISIONS_SCHEMA
from memory.domain.guardrails import Guardrails
from memory.domain.market import Market
from memory.domain.plan import Plan

from .chain import SessionTampered

FRAMES, INPUTS, DECIDED = "decisions.json", "inputs.parquet", "decided.parquet"
MAX_DECISION_BYTES = 2_000_000_000
DECIDED_SCHEMA = pa.schema([field for field in DECISIONS_SCHEMA if field.name != "certificate"])
"""Certificates are sealed for one installation and left out."""
LATER = frozenset({"hour_no", "hour_propensity", "hour_choices", "preferred_channel", "is_slipped"})
"""Columns that sessions lack from before hours were drawn, people asked for a channel, or slips were looked for."""


class Frames(Frozen):
    """What the rows of a bundle's decisions share."""

    plan: Plan
    """The plan that decided."""
    frames: tuple[DecisionFrame, ...]
    """One per batch, in the order of their slots."""
    guardrails: tuple[Guardrails, ...]
    """Every version a frame names."""
    markets: tuple[Market, ...]
    """The markets as they were known at export."""

    def rails(self, version: str) -> Guardrails:
        """Give one version of the guardrails; raise `LookupError` where it is not there."""
        return next(each for each in self.guardrails if each.version == version)


@dataclass(frozen=True)
class DecisionInputs:
    """Decisions of one plan with everything to decide them again."""

    shared: Frames
    """Plan, frames, guardrails, markets."""
    inputs: pa.Table
    """`DECISION_INPUTS_SCHEMA`: the candidates."""
    decided: pa.Table
    """`DECIDED_SCHEMA`: what was decided."""

    def files(self) -> dict[str, bytes]:
        """Give them as files."""
        return {
            FRAMES: canonical_json(self.shared) + b"\n",
            INPUTS: _parquet(self.inputs),
            DECIDED: _parquet(self.decided),
        }


def parse_decisions(name: str, files: Mapping[str, bytes]) -> DecisionInputs:
    """Read checked files back; raise `SessionTampered`, which calls the session `name`, where they are unusable."""
    try:
        shared = Frames.model_validate(json.loads(files[FRAMES].decode("utf-8")))
        if canonical_json(shared) + b"\n" != files[FRAMES]:
            raise ValueError("not in canonical form")
        known = {rails.version for rails in shared.guardrails}
        if any(frame.guardrail_version not in known or frame.plan_id != shared.plan.id for frame in shared.frames):
            raise ValueError("a frame names what is not there")
        inputs = _whole(pq.read_table(io.BytesIO(files[INPUTS])), DECISION_INPUTS_SCHEMA)
        decided = _whole(pq.read_table(io.BytesIO(files[DECIDED])), DECIDED_SCHEMA)
    except (ValidationError, ValueError, KeyError, TypeError, OSError, RecursionError, pa.ArrowException) as error:
        why = f"its decision inputs cannot be read ({type(error).__name__})"
        raise SessionTampered(session_id=name, why=why) from None
    return DecisionInputs(shared, inputs, decided)


def _whole(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """Give rows of a session as they are today: columns that came later are null."""
    for name in schema.names:
        if name in LATER and name not in rows.column_names:
            rows = rows.append_column(schema.field(name), pa.nulls(rows.num_rows, schema.field(name).type))
    if rows.num_columns != len(schema.names):
        raise ValueError("columns nobody knows")
    return rows.select(schema.names).cast(schema)


def _parquet(rows: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(rows, sink, compression="zstd")
    return sink.getvalue()
