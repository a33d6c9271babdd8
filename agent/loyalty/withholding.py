"""Who must not be invited: people withheld at random, so that what inviting changes can be measured."""

from collections.abc import Collection
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.market import Shop
from memory.domain.standing import CORE
from memory.store.member_invitations import INVITATION
from memory.store.unit_of_work import UnitOfWork
from tools.outcomes.window import outcome_window


def is_withheld(uow: UnitOfWork, shop: Shop, records: Collection[str], at: datetime, kind: str = INVITATION) -> bool:
    """Say whether the shop's standing core, or a plan's holdout of its invitation, withholds any of these records.

    `kind` is the kind of message that invites: to membership where none is named.

    A plan withholds until its outcome window is over: an invitation before then would be measured as none.
    """
    if "control" in uow.assignments.arms_of(shop.shop_id, CORE, records).values():
        return True
    names = _experiments(uow, shop, at, kind)
    arms = {arm for name in names for arm in uow.assignments.arms_of(shop.shop_id, name, records).values()}
    return bool(arms - {"treated"})


def n_withheld(uow: UnitOfWork, shop: Shop, at: datetime, kind: str = INVITATION) -> int:
    """Count the people whom the shop's standing core and the holdouts of plans that are still measured withhold."""
    drawn = [uow.assignments.withheld(shop.shop_id, name) for name in (CORE, *_experiments(uow, shop, at, kind))]
    return len(pc.unique(pa.concat_arrays(drawn)))


def _experiments(uow: UnitOfWork, shop: Shop, at: datetime, kind: str) -> list[str]:
    """Give the draws of journeys and steps that invite, of plans that are still measured."""
    found = set[str]()
    for plan_id, holdouts in uow.part_holdouts.of_shop(shop.shop_id).items():
        live = uow.batches.live(plan_id)
        if live is None:
            continue
        plan = uow.plans.get(plan_id).plan
        if at < outcome_window(plan, live.live_at).ends_at:
            inviting = (one for one in holdouts if any(step.kind == kind for step in one.steps(plan)))
            found.update(one.experiment_id(plan) for one in inviting)
    return sorted(found)
