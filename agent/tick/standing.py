"""Standing holdouts when a plan goes live: who is withheld from every plan."""

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.standing import CORE
from memory.store.unit_of_work import UnitOfWork

from .drawing import drawn


def standing_arms(uow: UnitOfWork, key: bytes, shop_id: str, people: pa.Table, on: date) -> pa.Array:
    """Say per row of `people` (person_id, cohort) whether a standing holdout withholds them; new people are drawn."""
    holdout = uow.standing.get(shop_id)
    withheld = pa.repeat(pa.scalar(False), people.num_rows)
    if holdout is None:
        return withheld
    for experiment_id, rate in ((CORE, holdout.core_rate), (holdout.rotating(on), holdout.rotating_rate)):
        withheld = pc.or_(withheld, drawn(uow, key, shop_id, experiment_id, people, rate))
    return withheld
