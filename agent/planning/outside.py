"""What people may hold from outside a plan: of other live plans, of the page after an order, of membership.

An order's worst margin counts all of it, whoever gave it (DC-03). It is not known here who holds what: everybody may.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from memory.domain.base import Frozen
from memory.domain.cohort import COHORTS
from memory.domain.loyalty import BirthdayGift, LoyaltyProgramme, PointsMultiplier, Privilege
from memory.domain.market import Shop
from memory.domain.money import Money
from memory.domain.offer import (
    BonusPoints,
    Discount,
    GiftWithPurchase,
    Incentive,
    OfferLimits,
    OutsideOffer,
    OutsideSource,
    StoreCredit,
)
from memory.domain.plan import Plan
from memory.store.unit_of_work import UnitOfWork
from tools.loyalty import terms_of

A_MICROSECOND = timedelta(microseconds=1)
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(9999, 12, 31)
"""The days of what has no first or last day of its own."""


class PlanOffers(Frozen):
    """The offers of a live plan and the peak whose buyers it is for."""

    peak_from: date
    """First day of the peak."""
    peak_until: date
    """Last day of the peak."""
    offers: tuple[OutsideOffer, ...]
    """Its offers."""


class Outside(Frozen):
    """Everything people of a shop may hold."""

    plans: tuple[PlanOffers, ...]
    """Of its live plans."""
    offers: tuple[OutsideOffer, ...]
    """Of the page after an order and of membership."""

    def of_others(self, peak_from: date, peak_until: date) -> tuple[OutsideOffer, ...]:
        """Give what the buyers of a peak may hold beside a plan for them, which takes the place of one that runs."""
        mine = (peak_from, peak_until)
        others = [plan for plan in self.plans if (plan.peak_from, plan.peak_until) != mine]
        return (*(offer for plan in others for offer in plan.offers), *self.offers)


def outside(uow: UnitOfWork, shop: Shop, as_of: datetime) -> Outside:
    """Read what people of a shop may hold at an instant or later, by source and name."""
    plans = sorted(uow.plans.all(shop.shop_id, "live"), key=lambda stored: stored.plan.id)
    return Outside(
        plans=tuple(_of_plan(stored.plan) for stored in plans),
        offers=(*_of_page(uow, shop), *_of_membership(uow, shop, as_of)),
    )


def sentences(offers: Sequence[OutsideOffer], from_on: date, until_on: date) -> tuple[str, ...]:
    """Say what counts in the worst orders of a plan of these days beside its own offers; nothing where nothing does."""
    held = [each for each in offers if each.limits.valid_from <= until_on and from_on <= each.limits.valid_until]
    named = [offer.name for offer in held if offer.source != "plan"]
    n_others = len(held) - len(named)
    if n_others:
        named.append(f"{n_others} offer{'s' * (n_others > 1)} of other live plans")
    return (f"in the worst orders everybody holds as well: {', '.join(named)}",) if named else ()


def _of_plan(plan: Plan) -> PlanOffers:
    offers = tuple(
        OutsideOffer(source="plan", name=f"{plan.id}/{offer.id}", incentive=offer.incentive, limits=offer.limits)
        for offer in plan.offers
    )
    return PlanOffers(peak_from=plan.peak_from, peak_until=plan.peak_until, offers=offers)


def _of_page(uow: UnitOfWork, shop: Shop) -> Iterator[OutsideOffer]:
    settings = uow.thanks.settings(shop.shop_id)
    if settings is not None and settings.is_on and settings.code is not None:
        code = settings.code
        yield _anybody(
            "thank_you_page",
            "the code of the thank-you page",
            StoreCredit(amount=code.off),
            code.min_spend,
            (FIRST_DAY, LAST_DAY),
        )


def _of_membership(uow: UnitOfWork, shop: Shop, as_of: datetime) -> Iterator[OutsideOffer]:
    for term in terms_of(uow.loyalty.history(shop.shop_id), shop):
        if term.ends_at > as_of:
            zone = ZoneInfo(shop.zone)
            days = (term.starts_at.astimezone(zone).date(), (term.ends_at - A_MICROSECOND).astimezone(zone).date())
            yield from _of_programme(term.programme, shop, days)


def _of_programme(programme: LoyaltyProgramme, shop: Shop, days: tuple[date, date]) -> Iterator[OutsideOffer]:
    """Give as many of the dearest price cuts and of the dearest gifts for points as one order may use, and privileges.

    Of each kind of privilege the costliest counts: a member is in one tier.
    """
    anything = Money(amount_minor=0, currency=shop.currency)
    dearest = sorted(programme.rewards, key=lambda one: (-one.worth.amount_minor, one.id))
    for rewards in ([one for one in dearest if one.kind != "gift"], [one for one in dearest if one.kind == "gift"]):
        for reward in rewards[: programme.rewards_per_order]:
            gift = GiftWithPurchase(sku=reward.sku or reward.id, cost=reward.worth)
            given = gift if reward.kind == "gift" else StoreCredit(amount=reward.worth)
            yield _anybody("loyalty_programme", f"the reward {reward.id} for points", given, anything, days)
    costliest: dict[str, tuple[float, Incentive]] = {}
    for tier in programme.tiers:
        for privilege in tier.privileges:
            found = _per_order(privilege)
            if found is not None and found[0] > costliest.get(found[1].kind, (0.0, found[1]))[0]:
                costliest[found[1].kind] = found
    for kind, (_, incentive) in sorted(costliest.items()):
        yield _anybody("loyalty_programme", f"a privilege of members ({kind})", incentive, anything, days)


def _per_order(privilege: Privilege) -> tuple[float, Incentive] | None:
    """Give what a privilege costs on one order, with its size; none where it costs per year or gives points."""
    cost = float(privilege.cost.amount_minor)
    if isinstance(privilege, PointsMultiplier):
        return cost, BonusPoints(points=0, cost=privilege.cost)
    if not isinstance(privilege, BirthdayGift) or privilege.gives == "points":
        return None
    if privilege.gives == "gift":
        return cost, GiftWithPurchase(sku=privilege.sku or privilege.kind, cost=privilege.cost)
    return privilege.rate, Discount(rate=privilege.rate)


def _anybody(
    source: OutsideSource, name: str, incentive: Incentive, min_spend: Money, days: tuple[date, date]
) -> OutsideOffer:
    limits = OfferLimits(
        cohorts=COHORTS,
        min_spend=min_spend,
        valid_from=days[0],
        valid_until=days[1],
        measured_by="incremental_margin",
    )
    return OutsideOffer(source=source, name=name, incentive=incentive, limits=limits)
