"""Offers of a plan: which step carries which, with figures from the shop's data."""

from datetime import date

from memory.domain.base import Frozen
from memory.domain.cohort import COHORTS, CohortId
from memory.domain.offer import Offer
from memory.domain.outcome import Blocked
from tools.offers.building import build_offer, redeemable_with, with_worst_case
from tools.offers.facts import OfferFacts
from tools.offers.pick import OfferPick

from .catalogue import StepTemplate
from .context import PlanContext
from .dates import day_on, offer_ends_on
from .draft import DraftOffer, DraftStep

NO_OFFER = "none"
"""What a draft writes to leave a template's own offer out."""


class PlannedStep(Frozen):
    """A draft step that is resolved against the catalogue and the brief."""

    id: str
    """`cohort.template`."""
    cohort: CohortId
    """Whose."""
    template: StepTemplate
    """Its template."""
    day: int
    """Its day offset."""
    due_on: date
    """Its date."""
    draft: DraftStep
    """What the planner wrote."""


def offer_facts(context: PlanContext) -> OfferFacts:
    """Give what the offer builders may look at."""
    rails = context.guardrails
    return OfferFacts(
        currency=context.shop.currency,
        categories=context.categories,
        gifts=context.gifts,
        baskets=context.baskets(),
        reach={cohort.id: cohort.n_reachable for cohort in context.cohorts},
        margin_rate=context.margin_rate,
        shipping_minor=context.shipping_minor,
        ceilings={cohort: rails.discount_ceiling.get(cohort, 0.0) for cohort in COHORTS},
        min_price_ratio=rails.min_price_ratio,
        min_margin_rate=rails.min_margin_rate,
        outside=context.outside_offers,
        code_source=context.code_source,
    )


def offer_kind_of(step: PlannedStep, offers: tuple[DraftOffer, ...]) -> tuple[str | None, DraftOffer | None]:
    """Give the kind a step carries and the draft offer with its figures, if any."""
    if step.draft.offer == NO_OFFER:
        return None, None
    named = next((offer for offer in offers if offer.id == step.draft.offer), None)
    if named is not None:
        return named.kind, named
    if step.draft.offer is not None:
        return step.draft.offer, None
    return (step.template.offers[0] if step.template.offers else None), None


def pick_for(step: PlannedStep, kind: str, figures: DraftOffer | None, ends_on: date) -> OfferPick:
    """Give the pick of one step's offer."""
    valid_days = None if figures is None else figures.valid_days
    given = {} if figures is None else figures.model_dump(exclude={"id", "kind", "valid_days"}, exclude_none=True)
    return OfferPick(
        id=f"{step.cohort}.{kind if figures is None else figures.id}",
        kind=kind,
        cohort=step.cohort,
        starts_on=step.due_on,
        ends_on=offer_ends_on(step.template, step.due_on, ends_on, valid_days),
        **given,
    )


def build_offers(
    steps: tuple[PlannedStep, ...], drafts: tuple[DraftOffer, ...], context: PlanContext
) -> tuple[dict[str, Offer], tuple[Blocked, ...]]:
    """Give the offers per step id, and every reason why one could not be built. The worst case counts the stack."""
    facts, ends_on = offer_facts(context), day_on(context.anchor_on, 90)
    built: dict[str, Offer] = {}
    reasons: list[Blocked] = []
    for step in steps:
        kind, figures = offer_kind_of(step, drafts)
        if kind is None:
            continue
        offer = build_offer(pick_for(step, kind, figures, ends_on), facts)
        if isinstance(offer, Blocked):
            reasons.append(offer.model_copy(update={"path": f"steps.{step.id}.offer"}))
        else:
            built[step.id] = _unique(offer, built)
    return stacked(built, facts), tuple(reasons)


def leave_room(
    steps: tuple[PlannedStep, ...], drafts: tuple[DraftOffer, ...], built: dict[str, Offer], facts: OfferFacts
) -> tuple[dict[str, Offer], dict[str, str]]:
    """Leave out templates' own offers that break a floor with what people may hold from outside, the dearest first.

    Give the offers kept, and step id to the reason for each left out. What a planner or a marketer wrote figures for
    stays: guardrails refuse it, and say so.
    """
    left_out: dict[str, str] = {}
    while facts.outside:
        broken = [
            step.id
            for step in steps
            if step.id in built and offer_kind_of(step, drafts)[1] is None and _breaks_floor(built[step.id], facts)
        ]
        if not broken:
            break
        dearest = max(broken, key=lambda step_id: (built[step_id].cost_per_use.amount_minor, step_id))
        left_out[dearest] = f"{built[dearest].id} and what people may hold from outside the plan break a floor"
        built = stacked({step_id: offer for step_id, offer in built.items() if step_id != dearest}, facts)
    return built, left_out


def _breaks_floor(offer: Offer, facts: OfferFacts) -> bool:
    gives = offer.incentive.kind != "early_access"
    return offer.price_ratio < facts.min_price_ratio or (gives and offer.worst_margin_rate < facts.min_margin_rate)


def stacked(built: dict[str, Offer], facts: OfferFacts) -> dict[str, Offer]:
    """Give the same offers with the worst case over everything redeemable together."""
    every, outside = tuple(built.values()), facts.outside
    return {
        step_id: with_worst_case(offer, redeemable_with(offer, every, outside), facts)
        for step_id, offer in built.items()
    }


def _unique(offer: Offer, built: dict[str, Offer]) -> Offer:
    taken = {other.id for other in built.values()}
    count = 2
    name = offer.id
    while name in taken:
        name, count = f"{offer.id}.{count}", count + 1
    return offer.model_copy(update={"id": name})
