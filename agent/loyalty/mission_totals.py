"""How far all who were told of a mission are with it: people by tasks they did, and what completing it came to."""

from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir

from agent.reports.earned import holders_of
from memory.domain.base import Count, Frozen
from memory.domain.market import Shop
from memory.domain.money import Money
from memory.domain.offer import BonusPoints, MissionTask, Offer
from memory.domain.plan import Plan
from memory.lake.view import LakeView
from memory.store.unit_of_work import UnitOfWork
from tools.offers.earned import missions_earned, tasks_done, window_of

MissionState = Literal["waiting", "running", "over"]
"""Whether a mission's first day is still to come, or its last day is over, by the shop's days."""


class MissionTotal(Frozen):
    """One mission of a plan that runs."""

    plan_id: str
    """The plan."""
    title: str
    """What people call the plan."""
    offer_id: str
    """The mission."""
    state: MissionState
    """Where its window stands."""
    valid_from: date
    """First day, in the shop's zone."""
    valid_until: date
    """Last day, in the shop's zone."""
    tasks: tuple[MissionTask, ...]
    """What has to be done, in any order."""
    points: Count
    """What completing it earns, once."""
    cost: Money
    """What those points cost the shop, by the offer."""
    n_people: Count
    """People who were told of it: the treated of its cohorts."""
    n_by_done: tuple[Count, ...]
    """People by how many tasks they did, none first; they add up to `n_people`."""
    n_earned: Count
    """People who completed it and keep its points."""
    n_clawed_back: Count
    """People who completed it and sent the order back."""
    n_blocked: Count
    """People who completed it after its uses were used up."""


def mission_totals(view: LakeView, uow: UnitOfWork, shop: Shop, as_of: datetime) -> tuple[MissionTotal, ...]:
    """Give every mission of plans that run, by the order of the plans; the view has to hold the whole shop."""
    found = []
    for stored in uow.plans.all(shop.shop_id):
        if uow.batches.live(stored.plan.id) is None:
            continue
        for offer in stored.plan.offers:
            if isinstance(offer.incentive, BonusPoints) and offer.incentive.tasks:
                found.append(_total(view, shop, stored.plan, offer, offer.incentive, as_of))
    return tuple(found)


def _total(
    view: LakeView, shop: Shop, plan: Plan, offer: Offer, incentive: BonusPoints, as_of: datetime
) -> MissionTotal:
    holders, window = holders_of(view, plan, offer), window_of(offer, shop)
    n_people = int(holders.count().to_pyarrow().as_py())
    done = tasks_done(view, shop, incentive, window, as_of).semi_join(holders, "person_id")
    by_done = _by_done(done.filter(done.is_kept), n_people, len(incentive.tasks))
    earned = missions_earned(view, shop, offer, window, as_of, people=holders)
    counted = earned.group_by("status").agg(n=earned.person_id.nunique()).to_pyarrow().to_pylist()
    ended = {row["status"]: row["n"] for row in counted}
    first, last = offer.limits.valid_from, offer.limits.valid_until
    today = as_of.astimezone(ZoneInfo(shop.zone)).date()
    return MissionTotal(
        plan_id=plan.id, title=plan.title, offer_id=offer.id,
        state="waiting" if today < first else "over" if today > last else "running",
        valid_from=first, valid_until=last, tasks=incentive.tasks, points=incentive.points, cost=incentive.cost,
        n_people=n_people, n_by_done=by_done, n_earned=ended.get("earned", 0),
        n_clawed_back=ended.get("clawed_back", 0), n_blocked=ended.get("blocked", 0),
    )  # fmt: skip


def _by_done(done: ir.Table, n_people: int, n_tasks: int) -> tuple[int, ...]:
    """Count people by how many tasks they did; who did none is in no row of `done`."""
    each = done.group_by("person_id").agg(n_done=done.task.nunique())
    rows = each.group_by("n_done").agg(n=ibis._.count()).to_pyarrow().to_pylist()
    counted = {row["n_done"]: row["n"] for row in rows}
    some = tuple(counted.get(number, 0) for number in range(1, n_tasks + 1))
    return (n_people - sum(some), *some)
