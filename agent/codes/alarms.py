"""Alarms about redemptions: codes used too often or by others, and offers redeemed more, or at more cost, than planned.

The money at stake is what those orders cost above the plan. Rates are compared by a 95 % interval that holds for one
look; the alarm asks a person to look, it stops nothing.
"""

from collections.abc import Iterator
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.codes import AlarmKind, CodeAlarm
from memory.domain.market import Shop
from memory.domain.money import Money
from memory.domain.offer import Offer
from memory.domain.plan import Plan
from memory.lake.lake import Lake
from memory.store.engine import Store
from tools.metrics.interval import MIN_PEOPLE, wilson

from .redemptions import redemptions

MIN_REDEEMED = 5
"""Fewer redemptions raise no alarm about their share."""


def look_at_redemptions(store: Store, lake: Lake, shop_id: str, now: datetime) -> tuple[CodeAlarm, ...]:
    """Look at the redemptions of every plan with codes, and keep and tell what is wrong; give what is new."""
    with store.read() as uow:
        shop, tables, grants = uow.shops.get(shop_id), uow.versions.latest().tables, uow.codes.table(shop_id)
        plans = [uow.plans.get(plan_id).plan for plan_id in sorted(set(grants["plan_id"].to_pylist()))]
        told = uow.codes.told(shop_id)
    if not plans:
        return ()
    offers = [(plan.id, offer) for plan in plans for offer in plan.offers if offer.gives_code]
    with lake.open(tables, [shop_id]) as view:
        redeemed = redemptions(view, shop, grants, offers, now)
    found = [
        alarm
        for plan in plans
        for offer in plan.offers
        if offer.gives_code
        for alarm in alarms_of(shop, plan, offer, redeemed, told.get((plan.id, offer.id), 0), now)
    ]
    with store.unit_of_work() as uow:
        fresh = tuple(alarm for alarm in found if uow.code_alarms.raise_(alarm))
        for alarm in fresh:
            subject = f"offer:{alarm.plan_id}/{alarm.offer_id}/{alarm.kind}"
            uow.alerts.add(shop_id, "redemptions", subject, alarm.message, now)
    return fresh


def alarms_of(
    shop: Shop, plan: Plan, offer: Offer, redeemed: pa.Table, n_told: int, now: datetime
) -> Iterator[CodeAlarm]:
    """Give what is wrong with the redemptions (`REDEMPTIONS_SCHEMA`) of one offer, told of by `n_told` messages."""
    mine = redeemed.filter(pc.and_(pc.equal(redeemed["plan_id"], plan.id), pc.equal(redeemed["offer_id"], offer.id)))
    cost = _sum(mine)
    if not mine.num_rows:
        return

    def alarm(kind: AlarmKind, n: int, at_stake: int, said: str) -> CodeAlarm:
        money = Money(amount_minor=max(0, at_stake), currency=shop.currency)
        message = f"Offer {offer.id} of the plan {plan.title!r}: {said} At stake: {money}."
        return CodeAlarm(
            shop_id=shop.shop_id, plan_id=plan.id, offer_id=offer.id, kind=kind, n=n, at_stake=money,
            message=message, raised_at=now,
        )  # fmt: skip

    again = mine.filter(pc.greater(mine["use_no"], offer.limits.uses_per_person))
    if again.num_rows:
        said = f"{again.num_rows} orders used a code more often than it may be used ({offer.limits.uses_per_person})."
        yield alarm("reused", again.num_rows, _sum(again), said)
    others = mine.filter(mine["is_other"])
    if others.num_rows:
        said = f"{others.num_rows} orders used a code that is bound to somebody else."
        yield alarm("other_person", others.num_rows, _sum(others), said)
    n_people = len(pc.unique(mine["grant_id"]))
    if n_told >= MIN_PEOPLE and n_people >= MIN_REDEEMED:
        rate = wilson(min(n_people, n_told), n_told)
        if rate.low > offer.redemption_rate:
            over = n_people - offer.redemption_rate * n_told
            said = (
                f"{n_people} of {n_told} people redeemed it, {rate.estimate:.1%} (95 % interval from {rate.low:.1%} "
                f"on); the plan expects {offer.redemption_rate:.1%}."
            )
            yield alarm("rate", n_people, round(over * offer.cost_per_use.amount_minor), said)
    share = planned_cost(plan, offer)
    if cost > share.amount_minor:
        spent = Money(amount_minor=cost, currency=shop.currency)
        said = f"its {mine.num_rows} redemptions cost {spent}; the plan's budget has {share} for it."
        yield alarm("cost", mine.num_rows, cost - share.amount_minor, said)


def planned_cost(plan: Plan, offer: Offer) -> Money:
    """Give the part of a plan's budget that is for an offer: the expected cost of the steps that carry it."""
    minor = sum(step.expected_cost.amount_minor for step in plan.steps() if step.offer_id == offer.id)
    return Money(amount_minor=minor, currency=plan.budget.total.currency)


def _sum(rows: pa.Table) -> int:
    return int(pc.sum(rows["cost_minor"]).as_py() or 0)
