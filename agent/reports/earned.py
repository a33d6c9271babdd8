"""What a live plan's missions, referrals and reviews earned people, what was taken back and blocked, in counts."""

from datetime import date, datetime
from typing import Any, Literal

import ibis
import ibis.expr.types as ir

from memory.domain.base import Count, Frozen, Instant, MinorUnits
from memory.domain.market import Shop
from memory.domain.money import Currency, Money
from memory.domain.offer import BonusPoints, Offer, ReferralReward
from memory.domain.plan import Plan
from memory.lake.lake import Lake
from memory.lake.view import LakeView
from memory.store.engine import Store
from tools.facts import open_facts
from tools.offers.earned import missions_earned, n_new_goods, referrals_earned, reviews_earned, window_of

from .ran import plan_that_ran

EarnedStatus = Literal["earned", "clawed_back", "blocked"]
EarnedKind = Literal["mission", "referral", "review"]
STATUSES: tuple[EarnedStatus, ...] = ("earned", "clawed_back", "blocked")


class EarnedTally(Frozen):
    """How many ended one way, for one reason."""

    status: EarnedStatus
    """How."""
    reason: str
    """Why; empty for what was earned."""
    n_uses: Count
    """Missions completed, referrals whose friend spent enough, or people who reviewed with a photo."""
    n_people: Count
    """People they belong to; both sides of a referral."""
    points: Count
    """Points of a mission or review."""
    amount_minor: MinorUnits
    """Money of a referral to both sides, or what the points cost when redeemed; shop's currency."""


class OfferEarned(Frozen):
    """One mission or referral offer."""

    offer_id: str
    """Its name within the plan."""
    kind: EarnedKind
    """What it is."""
    cohorts: tuple[str, ...]
    """Whose it is."""
    valid_from: date
    """First day, in the shop's zone."""
    valid_until: date
    """Last day, in the shop's zone."""
    min_spend: Money
    """What one order has to come to."""
    n_could: Count
    """People of the cohorts who could earn it: everyone but the withheld."""
    n_new_goods: Count | None = None
    """Articles that count as new for a mission; with none nobody can complete it. Null for others."""
    tallies: tuple[EarnedTally, ...]
    """Earned, taken back and blocked, with reasons."""


class PlanEarned(Frozen):
    """What the plan's missions and referrals came to."""

    plan_id: str
    """The plan."""
    title: str
    """What people call it."""
    currency: Currency
    """The shop's currency, of all sums."""
    as_of: Instant
    """The instant the facts are read at."""
    offers: tuple[OfferEarned, ...]
    """Per offer; empty where the plan has none of the three."""


def earned_report(store: Store, lake: Lake, shop_id: str, plan_id: str, as_of: datetime) -> PlanEarned:
    """Count what a plan that went live earned people; raise `NotReady` where it never did.

    Everything is worked out from the facts of now: to ask twice gives the same, and a refund changes it by itself.
    Withheld people never had the offer and earn nothing.
    """
    with store.read() as uow:
        (plan, _), shop = plan_that_ran(uow, shop_id, plan_id), uow.shops.get(shop_id)
    with open_facts(store, lake, [shop_id]) as view:
        offers = tuple(_offer(view, shop, plan, offer, as_of) for offer in plan.offers if _kind(offer))
    return PlanEarned(plan_id=plan.id, title=plan.title, currency=shop.currency, as_of=as_of, offers=offers)


def _kind(offer: Offer) -> EarnedKind | None:
    if isinstance(offer.incentive, ReferralReward):
        return "referral"
    if not isinstance(offer.incentive, BonusPoints):
        return None
    if offer.incentive.tasks:
        return "mission"
    return "review" if offer.goal.action == "review" else None


def _offer(view: LakeView, shop: Shop, plan: Plan, offer: Offer, as_of: datetime) -> OfferEarned:
    window, people, incentive = window_of(offer, shop), holders_of(view, plan, offer), offer.incentive
    kind = _kind(offer)
    assert kind is not None
    if isinstance(incentive, BonusPoints):
        earned = missions_earned if kind == "mission" else reviews_earned
        rows = earned(view, shop, offer, window, as_of, people=people)
        rows = rows.mutate(amount_minor=ibis.literal(incentive.cost.amount_minor, "int64"), is_use=ibis.literal(True))
    else:
        rows = referrals_earned(view, shop, offer, window, as_of, people=people)
        rows = rows.mutate(points=ibis.literal(0, "int64"), is_use=rows.role == "referrer")
    limits = offer.limits
    return OfferEarned(
        offer_id=offer.id,
        kind=kind,
        cohorts=limits.cohorts,
        valid_from=limits.valid_from,
        valid_until=limits.valid_until,
        min_spend=limits.min_spend,
        n_could=people.count().to_pyarrow().as_py(),
        n_new_goods=n_new_goods(view, shop, window) if kind == "mission" else None,
        tallies=_tallies(rows),
    )


def holders_of(view: LakeView, plan: Plan, offer: Offer) -> ir.Table:
    """Give who could earn an offer, as they are known now: treated, and no record of them withheld."""
    members, known = view.raw("cohort_members"), view.raw("identities")
    members = members.filter(members.plan_id == plan.id).select("cohort", "arm", frozen_id="person_id")
    joined = members.left_join(known, members.frozen_id == known.subject_id)
    now = joined.select("cohort", "arm", person_id=ibis.coalesce(joined.person_id, joined.frozen_id))
    withheld = now.filter(now.arm != "treated").select("person_id").distinct()
    holders = now.filter(now.cohort.isin(list(offer.limits.cohorts)), now.arm == "treated")
    return holders.select("person_id").distinct().anti_join(withheld, "person_id")


def _tallies(rows: ir.Table) -> tuple[EarnedTally, ...]:
    counted = rows.group_by("status", "reason").agg(
        n_uses=rows.is_use.cast("int64").sum(),
        n_people=rows.person_id.nunique(),
        points=rows.points.sum(),
        amount_minor=rows.amount_minor.sum(),
    )
    found: list[dict[str, Any]] = counted.to_pyarrow().to_pylist()
    tallies = [EarnedTally.model_validate(row) for row in found]
    return tuple(sorted(tallies, key=lambda tally: (STATUSES.index(tally.status), tally.reason)))
