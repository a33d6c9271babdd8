"""The plan a report is about: that it ran, those whose place it took, and their messages."""

from collections.abc import Iterable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.errors import NotReady
from memory.domain.plan import Plan
from memory.store.batches import LivePlan
from memory.store.outbox import COUNTED
from memory.store.unit_of_work import UnitOfWork


def plan_that_ran(uow: UnitOfWork, shop_id: str, plan_id: str) -> tuple[Plan, LivePlan]:
    """Give a shop's plan and when it went live; raise `NotReady` where it never did."""
    plan, live = uow.plans.get(plan_id).plan, uow.batches.live(plan_id)
    if live is None or plan.shop_id != shop_id:
        raise NotReady(what=f"plan {plan_id[:12]}", why="it never went live", remedy="Approve it and let it go live")
    return plan, live


def line_of(uow: UnitOfWork, shop_id: str, plan_id: str) -> tuple[str, ...]:
    """Give the plan and those whose place it took by amendments: they are one experiment."""
    before = {each.new_plan_id: each.old_plan_id for each in uow.amendments.all(shop_id) if each.status == "done"}
    ids = [plan_id]
    while (older := before.get(ids[-1])) is not None and older not in ids:
        ids.append(older)
    return tuple(ids)


def left_messages(uow: UnitOfWork, shop_id: str, plan_ids: Iterable[str], columns: Sequence[str]) -> pa.Table:
    """Give these columns, `state` among them, of the plans' messages that left or may have."""
    table = pa.concat_tables([uow.outbox.table(shop_id, each, columns) for each in plan_ids])
    return table.filter(pc.is_in(table["state"], value_set=pa.array(COUNTED, pa.string())))
