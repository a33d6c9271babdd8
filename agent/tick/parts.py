"""Part holdouts: drawn among treated people when a plan goes live; a tick plans them no message of that part."""

from collections.abc import Iterable

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.part_holdout import WITHHELD
from memory.domain.plan import Plan
from memory.lake.view import LakeView
from memory.store.assignments import ARMS_SCHEMA
from memory.store.unit_of_work import UnitOfWork

from .drawing import drawn, present

PAIRS_SCHEMA = pa.schema([("step_id", pa.string()), ("person_id", pa.string())])


def draw_parts(uow: UnitOfWork, key: bytes, plan: Plan, members: pa.Table) -> None:
    """Give every treated member (`COHORT_MEMBERS_SCHEMA`) of a withheld journey or step an arm there, and store it.

    A step's arms are drawn among those whom no holdout of its journey withholds: only for them the step can differ.
    """
    treated = members.filter(pc.equal(members["arm"], "treated")).select(["person_id", "cohort"])
    left: dict[str, pa.Table] = {}
    for one in uow.part_holdouts.of(plan.id):
        journey = one.journey(plan)
        assert journey is not None, "checked when it was set"
        people = left.get(journey.id)
        if people is None:
            people = treated.filter(pc.equal(treated["cohort"], journey.cohort))
        is_held = drawn(uow, key, plan.shop_id, one.experiment_id(plan), people, one.rate)
        arms = pc.if_else(is_held, pa.scalar("control"), pa.scalar("treated"))
        everybody = pa.table([people["person_id"], people["cohort"], arms], schema=ARMS_SCHEMA)
        uow.assignments.put(plan.shop_id, one.experiment_id(plan), everybody)  # those merged since have a row, too
        left[journey.id] = people.filter(pc.invert(is_held)) if one.part == "journey" else people


def withheld_pairs(uow: UnitOfWork, plan: Plan, people: pa.ChunkedArray, step_ids: Iterable[str]) -> pa.Table:
    """Give who of these frozen people is withheld from which of these steps, as `PAIRS_SCHEMA`.

    One withheld record withholds the person.
    """
    due, tables = set(step_ids), [PAIRS_SCHEMA.empty_table()]
    for one in uow.part_holdouts.of(plan.id):
        steps = [step.id for step in one.steps(plan) if step.id in due]
        if not steps:
            continue
        arms = uow.assignments.arms(plan.shop_id, one.experiment_id(plan))
        held = present(uow, arms.filter(pc.equal(arms["arm"], "control"))["person_id"])
        found = people.filter(pc.is_in(present(uow, people), value_set=held))
        tables += [pa.table([pa.repeat(step, len(found)), found], schema=PAIRS_SCHEMA) for step in steps]
    return pa.concat_tables(tables)


def withhold(table: ir.Table, view: LakeView, pairs: pa.Table) -> ir.Table:
    """Give candidates with the arm `withheld` where the person is withheld from the step; the control group stays."""
    if pairs.num_rows == 0:
        return table
    held = view.memory_table("tick_withheld", pairs).distinct()
    is_treated = table.arm == "treated"
    out = table.filter(is_treated).semi_join(held, ["step_id", "person_id"]).mutate(arm=ibis.literal(WITHHELD))
    kept = table.filter(is_treated).anti_join(held, ["step_id", "person_id"])
    return ibis.union(table.filter(~is_treated), kept, out.select(*table.columns), distinct=False)
