"""What steps reach and cost: sends, expected redemption and the worst case, and how many of an offer fit the money."""

from collections.abc import Iterable, Mapping

from memory.domain.base import Frozen, MinorUnits
from memory.domain.brief import Brief
from memory.domain.cohort import CohortId
from memory.domain.guardrails import Guardrails
from memory.domain.market import Channel
from memory.domain.money import Money
from memory.domain.offer import Offer
from memory.domain.plan import BUCKETS, Bucket, BudgetLine
from tools.budget.allocation import largest_remainder
from tools.offers.registry import builder_of
from tools.priors.amounts import message_cost_millis

from .context import PlanContext
from .offering import PlannedStep


class StepCost(Frozen):
    """One step's reach and money, in the shop's minor units."""

    n_reached: int
    """People it may reach, the control group left out."""
    sends_minor: MinorUnits
    """Sending it on its dearest channel to all of them, and on the second one to all it may reach as well."""


def cost_of_step(
    step: PlannedStep, channels: tuple[Channel, ...], holdout_rate: float, brief: Brief, context: PlanContext
) -> StepCost:
    """Give whom a step may reach and what sending it costs; a step the shop sends costs the plan nothing.

    Consent, languages and the brief's exclusions are applied, and the control group is left out.
    """
    if step.template.owner != "us":
        return StepCost(n_reached=context.cohort(step.cohort).n_people, sends_minor=0)
    everyone = context.n_reached(step.cohort, channels, excluded=brief.excluded, languages=context.guardrails.languages)
    second = second_channel(step.template.fallback_hours, channels)
    sends = sends_minor(step.cohort, channels, holdout_rate, brief, context, second=second)
    return StepCost(n_reached=everyone - int(everyone * holdout_rate), sends_minor=sends)


def second_channel(fallback_hours: int | None, channels: tuple[Channel, ...]) -> Channel | None:
    """Give the channel that follows where nobody reacts: the app, beside another channel; none without hours."""
    return "push" if fallback_hours is not None and "push" in channels and len(channels) > 1 else None


def sends_minor(
    cohort: CohortId,
    channels: tuple[Channel, ...],
    holdout_rate: float,
    brief: Brief,
    context: PlanContext,
    *,
    second: Channel | None = None,
) -> int:
    """Give the cost of sending a step to all it may reach, each on the dearest channel that reaches them.

    Where a `second` channel follows, nobody reacts in the worst case: whom it reaches gets both.
    """
    prices = {channel: message_cost_millis(channel, context.shop.currency) for channel in (*channels, *_maybe(second))}
    banned, millis = set(brief.excluded), 0
    for cell in context.people:
        if cell.cohort != cohort or cell.language not in context.guardrails.languages:
            continue
        open_to = {each: prices[each] for each in prices if cell.reaches(each) and (cell.market, each) not in banned}
        firsts = [price for each, price in open_to.items() if each != second]
        follow = open_to.get(second, 0) if second is not None else 0
        millis += cell.n_people * (max(firsts, default=0) + follow)
    return -(-int(millis * (1.0 - holdout_rate) + 0.5) // 1000)


def n_followed(
    cohort: CohortId, channels: tuple[Channel, ...], second: Channel | None, brief: Brief, context: PlanContext
) -> int:
    """Give how many people both another channel of the step and the second one may reach, no one withheld."""
    if second is None:
        return 0
    languages = context.guardrails.languages
    firsts = tuple(channel for channel in channels if channel != second)
    some, follow, either = (
        context.n_reached(cohort, each, excluded=brief.excluded, languages=languages)
        for each in (firsts, (second,), (*firsts, second))
    )
    return some + follow - either


def _maybe(channel: Channel | None) -> tuple[Channel, ...]:
    return () if channel is None else (channel,)


def sends_by_bucket(steps: Iterable[PlannedStep], costs: Mapping[str, StepCost]) -> dict[Bucket, int]:
    """Give the cost of sending per bucket."""
    totals: dict[Bucket, int] = dict.fromkeys(BUCKETS, 0)
    for step in steps:
        totals[step.template.bucket] += costs[step.id].sends_minor
    return totals


def n_worst(offer: Offer, n_reached: int, guardrails: Guardrails) -> int:
    """Give how many redemptions the worst case counts."""
    uses = -(-int(n_reached * offer.limits.uses_per_person * guardrails.worst_case_rate * 10**6) // 10**6)
    return uses if offer.limits.max_granted is None else min(uses, offer.limits.max_granted)


def worst_minor(offer: Offer, n_reached: int, guardrails: Guardrails) -> int:
    """Give an offer's worst-case cost in minor units."""
    return n_worst(offer, n_reached, guardrails) * offer.cost_per_use.amount_minor


def expected_minor(offer: Offer, n_reached: int) -> int:
    """Give an offer's expected cost in minor units, never above what can be granted."""
    uses = int(n_reached * offer.redemption_rate + 0.5)
    most = uses if offer.limits.max_granted is None else min(uses, offer.limits.max_granted)
    return most * offer.cost_per_use.amount_minor


def bucket_of_offer(offer_kind: str) -> Bucket:
    """Give the bucket that pays for an offer kind."""
    return builder_of(offer_kind).bucket


def grant_limits(
    wanted: Mapping[str, tuple[Offer, str, int]],
    lines: tuple[BudgetLine, ...],
    sends: Mapping[Bucket, int],
    priority: tuple[CohortId, ...],
    guardrails: Guardrails,
) -> dict[str, int]:
    """Give how many of each offer the bucket's money can pay in the worst case.

    `wanted` maps a step id to its offer, offer kind and reach. Cohorts of `priority` are served first and fully;
    what is left is shared in proportion to need. An offer without cost is never limited.
    """
    granted: dict[str, int] = {}
    for line in lines:
        left = line.amount.amount_minor - sends.get(line.bucket, 0)
        rows = {
            key: row
            for key, row in wanted.items()
            if bucket_of_offer(row[1]) == line.bucket and row[0].cost_per_use.amount_minor
        }
        for cohort in (*priority, None):
            chosen = {key: row for key, row in rows.items() if key not in granted and _is_for(row[0], cohort)}
            needs = {key: worst_minor(offer, n_reached, guardrails) for key, (offer, _, n_reached) in chosen.items()}
            shares = largest_remainder(min(left, sum(needs.values())), needs) if sum(needs.values()) else needs
            for key, (offer, _, _) in chosen.items():
                granted[key] = min(shares[key], needs[key]) // offer.cost_per_use.amount_minor
                left -= granted[key] * offer.cost_per_use.amount_minor
    return granted


def money(amount_minor: int, context: PlanContext) -> Money:
    """Give a sum in the shop's currency."""
    return Money(amount_minor=amount_minor, currency=context.shop.currency)


def _is_for(offer: Offer, cohort: CohortId | None) -> bool:
    return cohort is None or cohort in offer.limits.cohorts
