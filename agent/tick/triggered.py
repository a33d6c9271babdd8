"""Steps that an event, or an earlier look at what they are about, decided already: nothing decides them again."""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.plan import Plan
from memory.lake.view import LakeView

from .due import waits_for_parcel


def without_triggered(table: ir.Table, view: LakeView, before: Sequence[tuple[str, str]]) -> ir.Table:
    """Drop candidates of the (step id, person id) in `before`; their second channels stay."""
    if not before:
        return table
    columns = [pa.array(list(column), pa.string()) for column in zip(*before, strict=True)]
    known = view.memory_table("tick_triggered", pa.table(columns, names=["step_id", "person_id"]))
    first = table.filter(~table.is_fallback).anti_join(known, ["step_id", "person_id"])
    return first.union(table.filter(table.is_fallback))


def without_decided(
    table: ir.Table, view: LakeView, plan: Plan, lineage: Sequence[str], due: pa.ChunkedArray
) -> ir.Table:
    """Drop candidates of steps about a parcel that were decided before; their second channels stay.

    A look takes in once more what the one before it may not have seen, so that nobody is lost between the two; who was
    decided then, whatever was decided, is not decided again. `lineage` are the plan and those that it took over from.
    """
    names = sorted({step.id for step in plan.steps() if waits_for_parcel(step)} & set(due.to_pylist()))
    if not names:
        return table
    known = view.raw("decisions")
    known = known.filter(
        known.plan_id.isin(sorted(lineage)), known.step_id.isin(names), ~ibis.coalesce(known.is_fallback, False)
    )
    known = known.select("step_id", "person_id").distinct()
    first = table.filter(~table.is_fallback).anti_join(known, ["step_id", "person_id"])
    return first.union(table.filter(table.is_fallback))
