"""Pricing a plan: reach, expected cost, worst case, blast radius, what each bucket pays, and the forecast."""

from memory.domain.base import Count, Frozen, Rate
from memory.domain.cohort import CohortId
from memory.domain.market import Channel
from memory.domain.message import MessageClass
from memory.domain.money import Money
from memory.domain.plan import BUCKETS, Bucket, Forecast, Plan, Step

from .budgeting import kind_of_offer
from .catalogue import template_of
from .context import PlanContext
from .costing import bucket_of_offer, expected_minor, money, n_followed, sends_minor, worst_minor
from .outlook import Outlook, outlook


class BucketPrice(Frozen):
    """One bucket's money."""

    bucket: Bucket
    """Which."""
    has: Money
    """What it got."""
    expected: Money
    """What its steps and offers are expected to cost."""
    worst_case: Money
    """What they cost at worst."""


class PlanPrice(Frozen):
    """What a plan costs and whom it touches."""

    n_people: Count
    """People at least one step may reach: the blast radius."""
    people_rate: Rate
    """The same as a share of the shop's people."""
    n_withheld: Count
    """People in the control group."""
    n_messages: Count
    """Messages if everyone gets every step, and nobody reacts before a second channel follows."""
    reach: dict[CohortId, Count]
    """People per cohort."""
    messages_by_class: dict[MessageClass, Count]
    """Messages per class."""
    reach_by_channel: dict[Channel, Count]
    """People each channel the plan uses may reach."""
    expected_cost: Money
    """Expected cost of sends and incentives."""
    worst_case_cost: Money
    """Cost if as many redeem as the guardrails' worst case says, limits of offers counted."""
    buckets: tuple[BucketPrice, ...]
    """Per bucket."""
    discount_share_rate: Rate
    """Share of the plan's offers that lower the price (S2-29)."""
    forecast: Forecast
    """What it is expected to do, with its range and the label of its source."""
    outlook: Outlook
    """The same as it may be read: in orders and money with ranges, and whether anybody measured it."""


def price(plan: Plan, context: PlanContext) -> PlanPrice:
    """Price a plan with the facts it was drafted from."""
    ours = [step for step in plan.steps() if step.owner == "us"]
    reach = {
        journey.cohort: max((step.expected_reach for step in journey.steps if step.owner == "us"), default=0)
        for journey in plan.journeys
    }
    n_people = sum(reach.values())
    classes: dict[MessageClass, int] = {}
    cohort_of = {step.id: journey.cohort for journey in plan.journeys for step in journey.steps}
    for step in ours:
        n_messages = step.expected_reach + _n_followed(step, cohort_of[step.id], plan, context)
        classes[step.message_class] = classes.get(step.message_class, 0) + n_messages
    lowering = sum(offer.price_ratio < 1.0 and offer.discount_rate > 0 for offer in plan.offers)
    return PlanPrice(
        n_people=n_people,
        people_rate=min(n_people / context.n_people, 1.0) if context.n_people else 0.0,
        n_withheld=sum(int(cohort.n_people * plan.holdout.rate) for cohort in plan.cohorts),
        n_messages=sum(classes.values()),
        reach=reach,
        messages_by_class=classes,
        reach_by_channel=_by_channel(plan, ours, context),
        expected_cost=plan.budget.expected_cost,
        worst_case_cost=plan.budget.worst_case_cost,
        buckets=_buckets(plan, ours, context),
        discount_share_rate=lowering / len(plan.offers) if plan.offers else 0.0,
        forecast=plan.forecast,
        outlook=outlook(plan),
    )


def _n_followed(step: Step, cohort: CohortId, plan: Plan, context: PlanContext) -> int:
    """Give how many of a step's people get its second channel too if nobody reacts."""
    second = step.fallback.channel if step.fallback else None
    both = n_followed(cohort, step.channels, second, plan.brief, context)
    return both - int(both * plan.holdout.rate)


def _by_channel(plan: Plan, steps: list[Step], context: PlanContext) -> dict[Channel, int]:
    used = sorted(
        {channel for step in steps for channel in step.channels}
        | {step.fallback.channel for step in steps if step.fallback}
    )
    return {
        channel: sum(
            context.n_reached(cohort.id, (channel,), excluded=plan.brief.excluded, languages=plan.languages)
            for cohort in plan.cohorts
        )
        for channel in used
    }


def _buckets(plan: Plan, steps: list[Step], context: PlanContext) -> tuple[BucketPrice, ...]:
    expected: dict[Bucket, int] = dict.fromkeys(BUCKETS, 0)
    worst: dict[Bucket, int] = dict.fromkeys(BUCKETS, 0)
    cohort_of = {step.id: journey.cohort for journey in plan.journeys for step in journey.steps}
    for step in steps:
        template = template_of(step.template)
        cohort = cohort_of[step.id]
        second = step.fallback.channel if step.fallback else None
        sends = sends_minor(cohort, step.channels, plan.holdout.rate, plan.brief, context, second=second)
        bucket: Bucket = "automation" if template is None else template.bucket
        expected[bucket] += sends
        worst[bucket] += sends
        offer = plan.offer(step.offer_id) if step.offer_id else None
        if offer is not None:
            paid_by = bucket_of_offer(kind_of_offer(offer))
            expected[paid_by] += expected_minor(offer, step.expected_reach)
            worst[paid_by] += worst_minor(offer, step.expected_reach, context.guardrails)
    return tuple(
        BucketPrice(
            bucket=line.bucket,
            has=line.amount,
            expected=money(expected[line.bucket], context),
            worst_case=money(worst[line.bucket], context),
        )
        for line in plan.budget.lines
    )
