"""Drawing standing holdouts when a plan goes live: sticky through merges, re-imports and changed shares."""

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.standing import CORE
from memory.store.unit_of_work import UnitOfWork
from tools.experiments import assign


def standing_arms(uow: UnitOfWork, key: bytes, shop_id: str, people: pa.Table, on: date) -> pa.Array:
    """Say per row of `people` (person_id, cohort) whether a standing holdout withholds them; new people are drawn."""
    holdout = uow.standing.get(shop_id)
    withheld = pa.repeat(pa.scalar(False), people.num_rows)
    if holdout is None:
        return withheld
    for experiment_id, rate in ((CORE, holdout.core_rate), (holdout.rotating(on), holdout.rotating_rate)):
        withheld = pc.or_(withheld, _drawn(uow, key, shop_id, experiment_id, people, rate))
    return withheld


def _drawn(uow: UnitOfWork, key: bytes, shop_id: str, experiment_id: str, people: pa.Table, rate: float) -> pa.Array:
    """Keep known arms, those of merged records too: one withheld record withholds the person. Draw and store others.

    At a rate of 0 nobody is drawn or stored, so that a share set later reaches them.
    """
    stored = uow.assignments.arms(shop_id, experiment_id)
    now = _present(uow, stored["person_id"])
    held = now.filter(pc.equal(stored["arm"], "control"))
    person = people["person_id"].combine_chunks() if people["person_id"].num_chunks else pa.array([], pa.string())
    is_held = pc.is_in(person, value_set=held)
    if rate == 0:
        return is_held
    is_known = pc.is_in(person, value_set=now)
    fresh = people.select(["person_id", "cohort"]).filter(pc.invert(is_known))
    drawn = assign(key, f"{shop_id}/{experiment_id}", fresh, rate)
    uow.assignments.put(shop_id, experiment_id, drawn)
    new = drawn.filter(pc.equal(drawn["arm"], "control"))["person_id"].combine_chunks()
    return pc.or_(is_held, pc.is_in(person, value_set=new))


def _present(uow: UnitOfWork, subjects: pa.ChunkedArray) -> pa.Array:
    """Give the person each record is now."""
    merged = uow.identities.snapshot()
    place = pc.index_in(subjects, value_set=merged["subject_id"])
    now = pc.coalesce(merged["person_id"].take(place), subjects)
    return now.combine_chunks() if isinstance(now, pa.ChunkedArray) else now
