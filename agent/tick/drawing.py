"""Drawing who is withheld when a plan goes live: sticky through merges, re-imports and changed shares."""

import pyarrow as pa
import pyarrow.compute as pc

from memory.store.unit_of_work import UnitOfWork
from tools.experiments import assign


def drawn(uow: UnitOfWork, key: bytes, shop_id: str, experiment_id: str, people: pa.Table, rate: float) -> pa.Array:
    """Say per row of `people` (person_id, cohort) whether they are withheld. Draws and stores those without an arm.

    Known arms stay, those of merged records too: one withheld record withholds the person. At a rate of 0 nobody is
    drawn or stored, so that a share set later reaches them.
    """
    stored = uow.assignments.arms(shop_id, experiment_id)
    now = present(uow, stored["person_id"])
    held = now.filter(pc.equal(stored["arm"], "control"))
    person = people["person_id"].combine_chunks() if people["person_id"].num_chunks else pa.array([], pa.string())
    is_held = pc.is_in(person, value_set=held)
    if rate == 0:
        return is_held
    is_known = pc.is_in(person, value_set=now)
    fresh = people.select(["person_id", "cohort"]).filter(pc.invert(is_known))
    made = assign(key, f"{shop_id}/{experiment_id}", fresh, rate)
    uow.assignments.put(shop_id, experiment_id, made)
    new = made.filter(pc.equal(made["arm"], "control"))["person_id"].combine_chunks()
    return pc.or_(is_held, pc.is_in(person, value_set=new))


def present(uow: UnitOfWork, subjects: pa.ChunkedArray) -> pa.Array:
    """Give the person each record is now."""
    merged = uow.identities.snapshot()
    place = pc.index_in(subjects, value_set=merged["subject_id"])
    now = pc.coalesce(merged["person_id"].take(place), subjects)
    return now.combine_chunks() if isinstance(now, pa.ChunkedArray) else now
