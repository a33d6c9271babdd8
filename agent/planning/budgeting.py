"""The plan's money: how much there is, how the four buckets share it, and how many of each offer that pays."""

from collections.abc import Iterable, Mapping

from memory.domain.base import Frozen, Rate
from memory.domain.brief import Brief
from memory.domain.money import MissingRate, Money
from memory.domain.offer import BonusPoints, Offer, StoreCredit
from memory.domain.outcome import Blocked
from memory.domain.plan import Bucket, Budget, BudgetLine
from tools.budget.allocation import Infeasible, allocate
from tools.budget.share import share_room

from .context import PlanContext
from .costing import StepCost, expected_minor, grant_limits, money, n_worst, sends_by_bucket, worst_minor
from .offering import PlannedStep, offer_facts, stacked


class Funded(Frozen):
    """The budget, and what became of the offers."""

    budget: Budget
    """The plan's budget."""
    offers: dict[str, Offer]
    """Offers per step id, limited to what the money pays in the worst case."""
    unfunded: dict[str, str]
    """Steps that no money is left for, and why."""
    limited: tuple[str, ...]
    """Ids of offers that are limited below their reach."""


def fund(
    steps: tuple[PlannedStep, ...],
    costs: Mapping[str, StepCost],
    offers: Mapping[str, Offer],
    shares: Mapping[Bucket, Rate],
    brief: Brief,
    context: PlanContext,
) -> Funded | tuple[Blocked, ...]:
    """Split the money, limit the offers to it, and give the budget; or every reason why it cannot be split."""
    total = plan_total(brief, context)
    if isinstance(total, Blocked):
        return (total,)
    sends = sends_by_bucket(steps, costs)
    lines = allocate(total, sends, shares)
    if isinstance(lines, Infeasible):
        return lines.reasons
    limited = _limited(steps, costs, offers, lines, sends, brief, context)
    unfunded = {
        step.id: _no_money(limited[step.id]) for step in steps if step.id in limited and _is_void(limited[step.id])
    }
    kept = {step_id: offer for step_id, offer in limited.items() if not _is_void(offer)}
    kept = stacked(kept, offer_facts(context))
    optional = {step.id for step in steps if not step.template.needs_offer}
    left_out = {step_id: reason for step_id, reason in unfunded.items() if step_id not in optional}
    remaining = tuple(step for step in steps if step.id not in left_out)
    return Funded(
        budget=_budget(total, lines, remaining, costs, kept, context),
        offers=kept,
        unfunded=left_out,
        limited=tuple(sorted(offer.id for offer in kept.values() if offer.limits.max_granted is not None)),
    )


def plan_total(brief: Brief, context: PlanContext) -> Money | Blocked:
    """Give what the plan may spend in the shop's currency.

    The brief's sum is taken as it is, for the guardrails to judge; without one it is the guardrail's plan budget,
    or less where the step of the share path leaves less.
    """
    wanted = brief.budget or context.guardrails.plan_budget
    try:
        total = context.rates.convert(wanted, context.shop.currency, context.as_of.date())
    except MissingRate as error:
        return Blocked(rule="plan_budget", code="missing_rate", message=str(error), path="brief.budget")
    if brief.budget is not None:
        return total
    room = share_room(context.audit, context.guardrails.budget_share, context.anchor_on)
    return total if room is None else money(min(total.amount_minor, room.most_minor), context)


def _limited(
    steps: tuple[PlannedStep, ...],
    costs: Mapping[str, StepCost],
    offers: Mapping[str, Offer],
    lines: tuple[BudgetLine, ...],
    sends: Mapping[Bucket, int],
    brief: Brief,
    context: PlanContext,
) -> dict[str, Offer]:
    wanted = {
        step.id: (offers[step.id], kind_of_offer(offers[step.id]), costs[step.id].n_reached)
        for step in steps
        if step.id in offers
    }
    granted = grant_limits(wanted, lines, sends, brief.priority, context.guardrails)
    return {
        step_id: _with_limit(offer, granted[step_id], n_worst(offer, n_reached, context.guardrails))
        if step_id in granted
        else offer
        for step_id, (offer, _, n_reached) in wanted.items()
    }


def _with_limit(offer: Offer, granted: int, needed: int) -> Offer:
    if granted >= needed:
        return offer
    return offer.model_copy(update={"limits": offer.limits.model_copy(update={"max_granted": granted})})


def kind_of_offer(offer: Offer) -> str:
    """Give the registry's kind behind an offer, whatever a draft calls it."""
    incentive = offer.incentive
    if isinstance(incentive, BonusPoints):
        return "review_points" if offer.goal.action == "review" else "mission_points"
    if isinstance(incentive, StoreCredit) and incentive.redeemable_from is not None:
        return "wallet_credit"
    return KIND_OF_INCENTIVE[incentive.kind]


KIND_OF_INCENTIVE = {
    "store_credit": "store_credit",
    "free_expedited_shipping": "free_shipping",
    "points_multiple": "points_multiple",
    "gift_with_purchase": "gift_with_purchase",
    "referral_reward": "referral_reward",
    "early_access": "early_access",
    "discount": "discount",
}
"""The kinds that have an incentive of their own."""


def _is_void(offer: Offer) -> bool:
    return offer.limits.max_granted == 0


def _no_money(offer: Offer) -> str:
    return f"the budget pays for none of its offers at {offer.cost_per_use} each"


def _budget(
    total: Money,
    lines: tuple[BudgetLine, ...],
    steps: Iterable[PlannedStep],
    costs: Mapping[str, StepCost],
    offers: Mapping[str, Offer],
    context: PlanContext,
) -> Budget:
    expected = worst = 0
    for step in steps:
        cost, offer = costs[step.id], offers.get(step.id)
        expected += cost.sends_minor + (expected_minor(offer, cost.n_reached) if offer else 0)
        worst += cost.sends_minor + (worst_minor(offer, cost.n_reached, context.guardrails) if offer else 0)
    room = share_room(context.audit, context.guardrails.budget_share, context.anchor_on)
    return Budget(
        total=total,
        lines=lines,
        expected_cost=money(expected, context),
        worst_case_cost=money(worst, context),
        present_share_rate=None if room is None else room.present_rate,
        share_rate=None if room is None else room.share_with(total.amount_minor),
        path_min_rate=None if room is None else room.min_rate,
        path_max_rate=None if room is None else room.max_rate,
    )
