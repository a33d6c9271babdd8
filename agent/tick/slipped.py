"""Promotions and review requests wait while a person's parcel slips: at the tick they are withheld, with a reason."""

from collections.abc import Iterable

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.plan import Plan
from memory.domain.slips import SLIPPED, is_spared_kind
from memory.store.unit_of_work import UnitOfWork

from .decide import Decided


def spared_people(uow: UnitOfWork, shop_id: str, ids: Iterable[str], *, is_few: bool) -> pa.Array:
    """Give whom of these frozen ids a slip touches, whatever record they were frozen under."""
    if is_few:
        people = uow.identities.people_of(ids)
        members = uow.identities.subjects_of(set(people.values()))
        owner = {subject: person for person, ones in members.items() for subject in ones}
        spared = {owner[subject] for subject in uow.slips.spared(shop_id, owner)}
        return pa.array([one for one, person in people.items() if person in spared], pa.string())
    found = uow.slips.spared(shop_id)
    if not found:
        return pa.array([], pa.string())
    now = set(uow.identities.people_of(found).values())
    everybody = {subject for ones in uow.identities.subjects_of(now).values() for subject in ones}
    return pa.array(sorted(everybody), pa.string())


def mark_slipped(rows: pa.Table, spared: pa.Array) -> pa.Table:
    """Add `is_slipped`: whether a candidate is a promotion or review request to somebody whose parcel slips."""
    kinds = [kind for kind in pc.unique(rows["message_kind"]).to_pylist() if is_spared_kind(kind)]
    is_mine = pc.is_in(rows["person_id"], value_set=spared)
    is_held = pc.and_(is_mine, pc.is_in(rows["message_kind"], value_set=pa.array(kinds, pa.string())))
    return rows.append_column("is_slipped", pc.and_(is_held, pc.not_equal(rows["channel"], "onpage")))


def without_slipped(guarded: ir.Table) -> ir.Table:
    """Block, beside what guardrails blocked, what waits for a parcel; decisions of before know no slips."""
    is_slipped = ibis.coalesce(guarded.is_slipped, False)
    reasons = guarded.reasons.concat(ibis.array([ibis.literal(SLIPPED)]))
    return guarded.mutate(
        allowed=guarded.allowed & ~is_slipped, reasons=ibis.ifelse(is_slipped, reasons, guarded.reasons)
    )


def held_rows(made: Decided, plan: Plan) -> list[tuple[str, str, str, str, str]]:
    """Give (plan, step, person, kind, class) of what nothing but a slip kept from being sent."""
    options = made.options
    if not options.num_rows:
        return []
    is_alone = pc.equal(pc.list_value_length(options["reasons"]), 1)
    alone = options.filter(pc.fill_null(is_alone, False))
    named = pc.list_element(alone["reasons"], 0) if alone.num_rows else pa.array([], pa.string())
    ids = pc.unique(alone.filter(pc.equal(named, SLIPPED))["decision_id"])
    found = made.decisions.filter(pc.is_in(made.decisions["decision_id"], value_set=ids))
    found = found.filter(pc.equal(found["chosen"], "none")).select(["step_id", "person_id"])
    said = {step.id: (step.kind, step.message_class) for step in plan.steps()}
    return [(plan.id, row["step_id"], row["person_id"], *said[row["step_id"]]) for row in found.to_pylist()]
