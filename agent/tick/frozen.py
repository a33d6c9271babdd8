"""The people of a live plan, as they were frozen when it went live."""

import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.plan import Plan
from memory.lake.view import LakeView

from .due import Place


def members(view: LakeView, plan: Plan) -> ir.Table:
    """Give the plan's frozen people."""
    table = view.raw("cohort_members")
    return table.filter(table.plan_id == plan.id)


def places(view: LakeView, plan: Plan) -> list[Place]:
    """Give the distinct markets and zones of the plan's people, in a stable order."""
    found = members(view, plan).select("market", "zone").distinct().to_pyarrow().to_pylist()
    return sorted(
        (Place(row["market"], row["zone"]) for row in found), key=lambda place: [part or "" for part in place]
    )


def frozen_people(view: LakeView, plan: Plan, due: pa.Table) -> pa.Table:
    """Give the people of the cohorts in which a step is due."""
    table = members(view, plan)
    cohorts = sorted(set(due["cohort"].to_pylist()))
    return table.filter(table.cohort.isin(cohorts)).to_pyarrow()
