"""How far somebody is with the missions of plans that run: which tasks are done, in any order, each counted once."""

from datetime import date, datetime
from typing import Literal

import ibis.expr.types as ir

from agent.reports.earned import holders_of
from memory.domain.base import Count, Frozen, Instant
from memory.domain.market import Shop
from memory.domain.money import Money
from memory.domain.offer import BonusPoints, Offer
from memory.domain.plan import Plan
from memory.lake.view import LakeView
from memory.store.unit_of_work import UnitOfWork
from tools.offers.earned import missions_earned, tasks_done, window_of


class TaskProgress(Frozen):
    """One task."""

    action: Literal["open_app", "view_new", "purchase"]
    """What has to be done."""
    min_spend: Money | None
    """For a purchase: what one order has to come to."""
    done_at: Instant | None
    """When it was done first; null while it is not, or where the order was refunded below the sum."""


class MissionProgress(Frozen):
    """One mission of one person."""

    plan_id: str
    """The plan."""
    offer_id: str
    """The mission."""
    valid_from: date
    """First day, in the shop's zone."""
    valid_until: date
    """Last day, in the shop's zone."""
    tasks: tuple[TaskProgress, ...]
    """Its tasks."""
    n_done: Count
    """How many of them are done."""
    points: Count
    """What completing it earns, once."""
    status: Literal["open", "earned", "clawed_back", "blocked"]
    """`open` while tasks are missing; `blocked` where the mission's uses were used up before."""
    earned_at: Instant | None
    """When the last task was done; null while it is open."""


def mission_progress(
    view: LakeView, uow: UnitOfWork, shop: Shop, person_id: str, as_of: datetime
) -> tuple[MissionProgress, ...]:
    """Give a person's progress with every mission they were told of: treated people of its cohorts, and nobody else.

    The view has to hold the whole shop: whether uses are used up depends on who else completed the mission.
    """
    person = uow.identities.person_of(person_id)
    found = []
    for stored in uow.plans.all(shop.shop_id):
        if uow.batches.live(stored.plan.id) is None:
            continue
        for offer in stored.plan.offers:
            incentive = offer.incentive
            if not isinstance(incentive, BonusPoints) or not incentive.tasks:
                continue
            holders = holders_of(view, stored.plan, offer)
            if holders.filter(holders.person_id == person).count().to_pyarrow().as_py():
                found.append(_progress(view, shop, stored.plan, offer, incentive, person, holders, as_of))
    return tuple(found)


def _progress(
    view: LakeView,
    shop: Shop,
    plan: Plan,
    offer: Offer,
    incentive: BonusPoints,
    person: str,
    holders: ir.Table,
    as_of: datetime,
) -> MissionProgress:
    window = window_of(offer, shop)
    done = tasks_done(view, shop, incentive, window, as_of)
    rows = done.filter(done.person_id == person, done.is_kept).to_pyarrow().to_pylist()
    done_at = {row["task"]: row["done_at"] for row in rows}
    earned = missions_earned(view, shop, offer, window, as_of, people=holders)
    ended = earned.filter(earned.person_id == person).to_pyarrow().to_pylist()
    tasks = tuple(
        TaskProgress(action=task.action, min_spend=task.min_spend, done_at=done_at.get(number))
        for number, task in enumerate(incentive.tasks)
    )
    return MissionProgress(
        plan_id=plan.id,
        offer_id=offer.id,
        valid_from=offer.limits.valid_from,
        valid_until=offer.limits.valid_until,
        tasks=tasks,
        n_done=len(done_at),
        points=incentive.points,
        status=ended[0]["status"] if ended else "open",
        earned_at=ended[0]["earned_at"] if ended else None,
    )
