"""Steps that an event decided already: their date does not decide them again."""

from collections.abc import Sequence

import ibis.expr.types as ir
import pyarrow as pa

from memory.lake.view import LakeView


def without_triggered(table: ir.Table, view: LakeView, before: Sequence[tuple[str, str]]) -> ir.Table:
    """Drop candidates of the (step id, person id) in `before`; their second channels stay."""
    if not before:
        return table
    columns = [pa.array(list(column), pa.string()) for column in zip(*before, strict=True)]
    known = view.memory_table("tick_triggered", pa.table(columns, names=["step_id", "person_id"]))
    first = table.filter(~table.is_fallback).anti_join(known, ["step_id", "person_id"])
    return first.union(table.filter(table.is_fallback))
