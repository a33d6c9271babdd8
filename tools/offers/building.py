"""From a pick to a complete offer, and the worst case once all offers of a plan are known."""

from collections.abc import Sequence

from memory.domain.base import Frozen
from memory.domain.codes import gives_code
from memory.domain.money import Money
from memory.domain.offer import EarlyAccess, Incentive, Offer, OfferLimits, OutsideOffer, ReferralReward
from memory.domain.outcome import Blocked
from tools.priors.effects import load_effects

from .facts import CategoryFact, OfferFacts
from .pick import OfferBuilder, OfferPick, Terms
from .registry import OFFER_KINDS, builder_of
from .thresholds import basket
from .worth import Redeemable, discount_rate, worst_order, worth

HIGH_MARGIN_STEP = 0.05
"""How far above the shop's margin a category counts as one of high margin (S2-42)."""


class Eligible(Frozen):
    """The categories an offer may be held to, and the lowest margin among them."""

    categories: tuple[str, ...]
    """Category names; empty for all goods."""
    margin_rate: float
    """The lowest margin over list price among them."""


def build_offer(pick: OfferPick, facts: OfferFacts) -> Offer | Blocked:
    """Build one complete offer with its own worst case, or say why there can be none.

    Where costs are unknown only offers that give no margin away can be built.
    """
    if pick.kind not in OFFER_KINDS:
        return Blocked(
            rule="known",
            code="unknown_offer_kind",
            message=f"There is no offer kind {pick.kind!r}; choose one of {', '.join(OFFER_KINDS)}.",
            actual=pick.kind,
        )
    builder = builder_of(pick.kind)
    terms = builder.terms(pick, facts)
    if isinstance(terms, Blocked):
        return terms
    eligible = eligible_goods(pick, terms, facts)
    if isinstance(eligible, Blocked):
        return eligible
    return with_worst_case(_offer(builder, pick, terms, eligible, facts), (), facts)


def with_worst_case(offer: Offer, others: Sequence[Redeemable], facts: OfferFacts) -> Offer:
    """Give the offer with the worst order over it and `others`, the offers redeemable together with it (DC-03)."""
    if not _costs_margin(offer.incentive) and not others:
        return offer.model_copy(update={"worst_margin_rate": _known_margin(facts), "price_ratio": 1.0})
    fallback = max(facts.baskets.get(cohort, 0) for cohort in offer.limits.cohorts)
    worst = worst_order(offer, others, known_margins(facts), fallback)
    return offer.model_copy(update={"worst_margin_rate": worst.margin_rate, "price_ratio": worst.price_ratio})


def redeemable_with(
    offer: Offer, offers: Sequence[Offer], outside: Sequence[OutsideOffer] = ()
) -> tuple[Redeemable, ...]:
    """Give what else one person of the offer's cohorts could redeem on the same order: of the plan, and from outside.

    A referral is redeemed by the friend, who holds no other offer of the plan.
    """
    if isinstance(offer.incentive, ReferralReward):
        return ()
    every: tuple[Redeemable, ...] = (*(other for other in offers if other.id != offer.id), *outside)
    return tuple(
        other
        for other in every
        if not isinstance(other.incentive, ReferralReward)
        and set(other.limits.cohorts) & set(offer.limits.cohorts)
        and other.limits.valid_from <= offer.limits.valid_until
        and offer.limits.valid_from <= other.limits.valid_until
    )


def known_margins(facts: OfferFacts) -> dict[str, float]:
    """Give the margin per category; a category whose cost is unknown counts as -1, so that nothing is assumed of it."""
    if not facts.categories:
        return {"": -1.0 if facts.margin_rate is None else facts.margin_rate}
    return {fact.category: -1.0 if fact.margin_rate is None else fact.margin_rate for fact in facts.categories}


def eligible_goods(pick: OfferPick, terms: Terms, facts: OfferFacts) -> Eligible | Blocked:
    """Give the goods on which the offer keeps the margin floor by itself, or say that there are none."""
    if not _costs_margin(terms.incentive):
        return Eligible(categories=pick.categories or (), margin_rate=_known_margin(facts))
    if facts.margin_rate is None:
        return Blocked(
            rule="margin_floor",
            code="margin_unknown",
            message="No cost is known, so no incentive can be held to the margin floor; import costs.",
        )
    if pick.categories is not None:
        return Eligible(categories=pick.categories, margin_rate=facts.margin_rate)
    kept = [fact for fact in facts.categories if _keeps_floor(fact, pick, terms, facts)]
    if not facts.categories and _floor_kept_at(facts.margin_rate, terms, facts):
        return Eligible(categories=(), margin_rate=facts.margin_rate)
    if not kept:
        return Blocked(
            rule="margin_floor",
            code="no_category_keeps_margin",
            message=f"{pick.kind} would push every category below the margin floor of {facts.min_margin_rate:.0%}.",
            limit=str(facts.min_margin_rate),
        )
    names = () if len(kept) == len(facts.categories) else tuple(fact.category for fact in kept)
    return Eligible(categories=names, margin_rate=min(fact.margin_rate or 0.0 for fact in kept))


def _keeps_floor(fact: CategoryFact, pick: OfferPick, terms: Terms, facts: OfferFacts) -> bool:
    if fact.margin_rate is None:
        return False
    if terms.high_margin_only and not _is_high_margin(fact, facts):
        return False
    return _floor_kept_at(fact.margin_rate, terms, facts)


def _is_high_margin(fact: CategoryFact, facts: OfferFacts) -> bool:
    """A category above the shop's margin by a step; where margins hardly differ, at or above the shop's margin."""
    shop = facts.margin_rate or 0.0
    highest = max((each.margin_rate or 0.0 for each in facts.categories), default=0.0)
    return (fact.margin_rate or 0.0) >= min(shop + HIGH_MARGIN_STEP, highest)


def _floor_kept_at(margin_rate: float, terms: Terms, facts: OfferFacts) -> bool:
    spend = terms.min_spend.amount_minor
    if not spend:
        return margin_rate >= facts.min_margin_rate
    each = worth(terms.incentive, spend)
    paid = spend - each.price_off_minor
    left = paid - spend * (1.0 - margin_rate) - each.extra_cost_minor
    return paid > 0 and left / paid >= facts.min_margin_rate


def _offer(builder: OfferBuilder, pick: OfferPick, terms: Terms, eligible: Eligible, facts: OfferFacts) -> Offer:
    spend = terms.min_spend.amount_minor
    used_on = max(spend, basket(pick, facts))
    offer = Offer(
        id=pick.id,
        goal=terms.goal,
        incentive=terms.incentive,
        benefit=builder.benefit,
        limits=OfferLimits(
            cohorts=(pick.cohort,),
            min_spend=terms.min_spend,
            valid_from=pick.starts_on,
            valid_until=pick.ends_on,
            categories=eligible.categories,
            measured_by="incremental_margin" if builder.id == "discount" else "incremental_rpr",
        ),
        cost_per_use=Money(amount_minor=worth(terms.incentive, used_on).cost_minor, currency=facts.currency),
        redemption_rate=load_effects().redemption_rate(builder.id),
        worst_margin_rate=eligible.margin_rate,
        price_ratio=1.0,
        discount_rate=round(discount_rate(terms.incentive, spend), 6),
    )
    return offer.model_copy(update={"gives_code": gives_code(facts.code_source, offer)})


def _costs_margin(incentive: Incentive) -> bool:
    return not isinstance(incentive, EarlyAccess)


def _known_margin(facts: OfferFacts) -> float:
    return 0.0 if facts.margin_rate is None else facts.margin_rate
