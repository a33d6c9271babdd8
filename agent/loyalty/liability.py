"""What the shop still owes: points and credit that nobody used yet, in its currency, breakage as an assumption."""

from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import ibis

from memory.domain.base import Count, Frozen, Instant, Rate
from memory.domain.errors import NotFound
from memory.domain.market import Shop
from memory.domain.money import Money
from memory.lake.view import LakeView
from memory.store.unit_of_work import UnitOfWork
from tools.loyalty import terms_of
from tools.loyalty.earning import n_without_rate
from tools.loyalty.programmes import in_force
from tools.outcomes.redeemed import code_of

from .account import shop_books
from .credit import credit_offer
from .credit_uses import credit_uses, window

ASSUMED = "an assumption of the programme, not measured"
"""The label of everything that rests on breakage."""
MILLIS = 1_000
"""Thousandths in a minor unit."""


class PointsLiability(Frozen):
    """Points that members still have."""

    n_members: Count
    """Members with a balance above zero."""
    points: Count
    """Their points; debts of others are not set off."""
    cost: Money
    """What they would cost if all were redeemed, exact until it is rounded half to even on the minor unit."""
    breakage_rate: Rate
    """Share that will never be redeemed."""
    expected_cost: Money
    """The cost less breakage."""
    breakage_label: str
    """What breakage rests on."""
    n_orders_without_rate: Count
    """Members' orders in a currency for which the programme has no rate: they earned nothing."""


class CreditLiability(Frozen):
    """One plan's credit."""

    plan_id: str
    """The plan."""
    offer_id: str
    """The offer."""
    n_granted: Count
    """People who hold it."""
    n_used: Count
    """Of them, who used it: at our till, or with its code on an order."""
    outstanding: Money
    """What can still be used, not yet open included; nothing once its last day is over."""
    not_open_yet: Money
    """The part of it whose first day is still to come."""
    expired: Money
    """What was granted, not used, and can't be any more."""


class Liability(Frozen):
    """What the shop still owes its customers."""

    as_of: Instant
    """When it was read."""
    points: PointsLiability | None
    """Points; null without a programme."""
    credits: tuple[CreditLiability, ...]
    """Credit per offer, by plan and name."""
    outstanding: Money
    """Credit that can still be used and the full cost of points, before breakage."""


def liability(view: LakeView, uow: UnitOfWork, shop: Shop, as_of: datetime) -> Liability:
    """Add up what is owed, from facts, messages and uses as they stand."""
    points = _points(view, uow, shop, as_of)
    credits = tuple(
        found
        for plan_id, offer_id in uow.credits.offers(shop.shop_id)
        if (found := _credit(view, uow, shop, plan_id, offer_id, as_of)) is not None
    )
    total = sum(one.outstanding.amount_minor for one in credits) + (points.cost.amount_minor if points else 0)
    return Liability(as_of=as_of, points=points, credits=credits, outstanding=_money(shop, total))


def _points(view: LakeView, uow: UnitOfWork, shop: Shop, as_of: datetime) -> PointsLiability | None:
    terms = terms_of(uow.loyalty.history(shop.shop_id), shop)
    term = in_force(terms, as_of)
    if term is None:
        return None
    balances = shop_books(view, uow, shop, terms, as_of).balances()
    held = balances.filter(balances.points > 0)
    row = held.aggregate(n=held.count(), points=held.points.sum()).to_pyarrow().to_pylist()[0]
    points, rate = int(row["points"] or 0), term.programme.breakage_rate
    cost = Fraction(points * term.programme.point_cost_millis, MILLIS)
    return PointsLiability(
        n_members=row["n"],
        points=points,
        cost=_money(shop, round(cost)),
        breakage_rate=rate,
        expected_cost=_money(shop, round(cost * (1 - Fraction(str(rate))))),
        breakage_label=ASSUMED,
        n_orders_without_rate=n_without_rate(view, shop, terms, as_of),
    )


def _credit(
    view: LakeView, uow: UnitOfWork, shop: Shop, plan_id: str, offer_id: str, as_of: datetime
) -> CreditLiability | None:
    try:
        offer, credit = credit_offer(uow, shop, plan_id, offer_id)
    except NotFound:  # an offer of another kind
        return None
    name = f"{plan_id[:12]}_{code_of(offer_id)}"
    told = view.present(view.memory_table(f"held_{name}", uow.credits.holders(shop.shop_id, plan_id, offer_id)))
    holders = told.select("person_id").distinct()
    per_person = offer.limits.uses_per_person
    used = credit_uses(view, uow, shop, plan_id, offer, credit, as_of)
    used = used.group_by(user_id="person_id").agg(n_uses=used.count())
    held = holders.left_join(used, holders.person_id == used.user_id)
    n_left = ibis.greatest(per_person - ibis.coalesce(held.n_uses, 0), 0)
    (row,) = held.aggregate(n=held.count(), n_used=held.n_uses.count(), n_left=n_left.sum()).to_pyarrow().to_pylist()
    opens_on, last_on = window(offer, credit)
    today = as_of.astimezone(ZoneInfo(shop.zone)).date()
    left = int(row["n_left"] or 0) * credit.amount.amount_minor
    return CreditLiability(
        plan_id=plan_id,
        offer_id=offer_id,
        n_granted=row["n"],
        n_used=row["n_used"],
        outstanding=_money(shop, left if today <= last_on else 0),
        not_open_yet=_money(shop, left if today < opens_on else 0),
        expired=_money(shop, left if today > last_on else 0),
    )


def _money(shop: Shop, minor: int) -> Money:
    return Money(amount_minor=minor, currency=shop.currency)
