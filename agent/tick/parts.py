"""Part holdouts: drawn among treated people when a plan goes live; a tick plans them no message of that part."""

from collections.abc import Callable, Iterable

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
FEW = 5_000
"""Up to so many people their own records are read, and not the whole experiment."""


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

    One withheld record withholds the person. For few people, as a trigger asks about, only their records are read.
    """
    due, tables = set(step_ids), [PAIRS_SCHEMA.empty_table()]
    parts = [one for one in uow.part_holdouts.of(plan.id) if due & {step.id for step in one.steps(plan)}]
    if not parts:
        return tables[0]
    is_held = _among_few(uow, plan, people) if len(people) <= FEW else _among_many(uow, plan, people)
    for one in parts:
        found = people.filter(is_held(one.experiment_id(plan)))
        steps = [step.id for step in one.steps(plan) if step.id in due]
        tables += [pa.table([pa.repeat(step, len(found)), found], schema=PAIRS_SCHEMA) for step in steps]
    return pa.concat_tables(tables)


def _among_few(uow: UnitOfWork, plan: Plan, people: pa.ChunkedArray) -> Callable[[str], pa.Array]:
    ids = people.to_pylist()
    now = uow.identities.people_of(ids)
    subjects = uow.identities.subjects_of(set(now.values()))
    everybody = {subject for members in subjects.values() for subject in members}

    def is_held(experiment_id: str) -> pa.Array:
        arms = uow.assignments.arms_of(plan.shop_id, experiment_id, everybody)
        return pa.array([any(arms.get(one) == "control" for one in subjects[now[who]]) for who in ids], pa.bool_())

    return is_held


def _among_many(uow: UnitOfWork, plan: Plan, people: pa.ChunkedArray) -> Callable[[str], pa.Array]:
    now = present(uow, people)

    def is_held(experiment_id: str) -> pa.Array:
        held = pa.chunked_array([uow.assignments.withheld(plan.shop_id, experiment_id)])
        return pc.is_in(now, value_set=present(uow, held))

    return is_held


def withhold(table: ir.Table, view: LakeView, pairs: pa.Table) -> ir.Table:
    """Give candidates with the arm `withheld` where the person is withheld from the step; the control group stays."""
    if pairs.num_rows == 0:
        return table
    held = view.memory_table("tick_withheld", pairs).distinct()
    is_treated = table.arm == "treated"
    out = table.filter(is_treated).semi_join(held, ["step_id", "person_id"]).mutate(arm=ibis.literal(WITHHELD))
    kept = table.filter(is_treated).anti_join(held, ["step_id", "person_id"])
    return ibis.union(table.filter(~is_treated), kept, out.select(*table.columns), distinct=False)
