"""Composing: a compact draft becomes a complete, dated, costed plan. Deterministic; same inputs, same id."""

from collections.abc import Mapping

from memory.domain.base import Frozen
from memory.domain.brief import Brief
from memory.domain.cohort import COHORTS, CohortId
from memory.domain.market import Channel
from memory.domain.message import MESSAGE_CLASS
from memory.domain.offer import Offer
from memory.domain.outcome import Blocked
from memory.domain.plan import PHASE_DAYS, Fallback, Goods, Journey, Plan, PlannerRef, Step
from tools.priors.amounts import nominal

from .budgeting import Funded, fund
from .catalogue import CATALOGUE
from .catalogue.transactional import owner_of
from .context import PlanContext
from .costing import StepCost, cost_of_step, expected_minor, money, second_channel
from .dates import LAST_DAY, day_on, phase_of, phases
from .draft import PlanDraft
from .forecasting import forecast, holdout, planned_effects
from .holidays import holiday_sentences, moved_from
from .library import content_of
from .offering import PlannedStep, build_offers, leave_room, offer_facts
from .resolving import channels_of, resolve
from .sentences import assumptions_of

LAST_OF_WINDOW = PHASE_DAYS["lock_in"][1]
"""Steps that wait stop waiting before the review days."""
FLOW = ("order_confirmation", "shipping_notice", "usage_guide", "review_request", "second_incentive")


class Parts(Frozen):
    """What is known of the plan's steps before it is put together."""

    steps: tuple[PlannedStep, ...]
    """All steps by cohort and day."""
    channels: dict[str, tuple[Channel, ...]]
    """Channels per step id."""
    costs: dict[str, StepCost]
    """Reach and sending per step id."""
    offers: dict[str, Offer]
    """Offers per step id."""
    left_out: dict[str, str]
    """Step id to the reason it is left out."""
    crowded: dict[str, str]
    """Id of a step that goes without its offer to the reason."""
    holdout_rate: float
    """Share withheld."""


def compose(draft: PlanDraft, brief: Brief, context: PlanContext, planner: PlannerRef) -> Plan | tuple[Blocked, ...]:
    """Give the plan a draft stands for, or every reason why it stands for none.

    A mistake in the draft is refused, never repaired in silence; what the brief takes out is named in the plan.
    """
    parts, reasons = _parts(draft, brief, context)
    if reasons:
        return reasons
    funded = fund(parts.steps, parts.costs, parts.offers, draft.buckets, brief, context)
    if not isinstance(funded, Funded):
        return funded
    parts = _without(parts, funded)
    return _plan(draft, brief, context, planner, parts, funded)


def _parts(draft: PlanDraft, brief: Brief, context: PlanContext) -> tuple[Parts, tuple[Blocked, ...]]:
    steps, left_out, mistakes = resolve(draft, brief, context)
    offers, refused = build_offers(steps, draft.offers, context)
    offers, crowded = leave_room(steps, draft.offers, offers, offer_facts(context))
    gone = {step.id: crowded[step.id] for step in steps if step.id in crowded and step.template.needs_offer}
    steps, left_out = tuple(step for step in steps if step.id not in gone), left_out | gone
    rate = holdout_rate(draft, brief, context)
    channels = {step.id: channels_of(step, brief, context) for step in steps}
    costs = {step.id: cost_of_step(step, channels[step.id], rate, brief, context) for step in steps}
    parts = Parts(
        steps=steps,
        channels=channels,
        costs=costs,
        offers=offers,
        left_out=left_out,
        crowded={step_id: why for step_id, why in crowded.items() if step_id not in gone},
        holdout_rate=rate,
    )
    return parts, (*mistakes, *refused, *_empty(steps))


def holdout_rate(draft: PlanDraft, brief: Brief, context: PlanContext) -> float:
    """Give the control group's share: the brief's, else the draft's, else the guardrail's smallest."""
    for rate in (brief.holdout_rate, draft.holdout_rate):
        if rate is not None:
            return rate
    return context.guardrails.min_holdout_rate


def _empty(steps: tuple[PlannedStep, ...]) -> tuple[Blocked, ...]:
    return tuple(
        Blocked(
            rule="known",
            code="empty_journey",
            message=f"The journey of {cohort} has no step left; add one or take an exclusion back.",
            path=f"journeys.{cohort}",
        )
        for cohort in COHORTS
        if not any(step.cohort == cohort for step in steps)
    )


def _without(parts: Parts, funded: Funded) -> Parts:
    """Leave out the steps whose offer no money is left for."""
    kept = tuple(step for step in parts.steps if step.id not in funded.unfunded)
    return parts.model_copy(
        update={"steps": kept, "offers": funded.offers, "left_out": parts.left_out | funded.unfunded}
    )


def _plan(
    draft: PlanDraft, brief: Brief, context: PlanContext, planner: PlannerRef, parts: Parts, funded: Funded
) -> Plan:
    steps = {step.id: _step(step, brief, context, parts) for step in parts.steps}
    journeys = tuple(_journey(cohort, steps, brief, parts) for cohort in COHORTS)
    dated = [(journey.cohort, step) for journey in journeys for step in journey.steps]
    return Plan(
        shop_id=context.shop.shop_id,
        title=draft.title or f"{context.shop.name}: 90 days from {context.anchor_on}",
        brief=brief,
        goal=brief.goal,
        peak_from=context.peak_from,
        peak_until=context.peak_until,
        anchor_on=context.anchor_on,
        ends_on=day_on(context.anchor_on, LAST_DAY),
        zone=context.shop.zone,
        markets=tuple(sorted({cell.market for cell in context.people} or {context.shop.home_market})),
        languages=_languages(brief, context),
        phases=phases(context.anchor_on),
        cohorts=context.cohorts,
        journeys=journeys,
        offers=tuple(parts.offers[step.id] for step in parts.steps if step.id in parts.offers),
        budget=funded.budget,
        holdout=holdout(parts.holdout_rate, context),
        forecast=forecast(dated, context),
        effects=planned_effects(dated, context),
        guardrail_version=context.guardrail_version,
        data_version=context.data_version,
        planner=planner,
        assumptions=(
            *assumptions_of(context, parts.left_out, parts.crowded, funded),
            *holiday_sentences(parts.steps, context),
        ),
    )


def _languages(brief: Brief, context: PlanContext) -> tuple[str, ...]:
    if brief.languages:
        return brief.languages
    spoken = {cell.language for cell in context.people} or {market.language for market in context.markets}
    allowed = tuple(sorted(spoken & set(context.guardrails.languages)))
    return allowed or tuple(sorted(spoken))


def _journey(cohort: CohortId, steps: dict[str, Step], brief: Brief, parts: Parts) -> Journey:
    own = [step for step in parts.steps if step.cohort == cohort]
    flows = {template.id: template.flow for template in CATALOGUE}
    present = {flows[step.template.id] for step in own}
    reasons = {
        flows[step_id.split(".", 1)[1]]: why
        for step_id, why in parts.left_out.items()
        if _is_of(step_id, cohort, flows)
    }
    waived = {flow: reasons[flow] for flow in FLOW if flow not in present and flow in reasons}
    return Journey(
        id=f"{cohort}.journey",
        cohort=cohort,
        goal_metric=brief.goal.metric,
        steps=tuple(steps[step.id] for step in own),
        waived=waived,
    )


def _is_of(step_id: str, cohort: CohortId, flows: Mapping[str, str | None]) -> bool:
    owner, _, template = step_id.partition(".")
    return owner == cohort and flows.get(template) is not None


def _step(step: PlannedStep, brief: Brief, context: PlanContext, parts: Parts) -> Step:
    template, cost, offer = step.template, parts.costs[step.id], parts.offers.get(step.id)
    expected = cost.sends_minor + (expected_minor(offer, cost.n_reached) if offer else 0)
    owner, reasons = owner_of(template, context.owners)
    why = reasons if step.id not in brief.moved_steps else (*reasons, "moved_by_marketer")
    why = (*why, "after_holiday") if moved_from(step, context) is not None else why
    return Step(
        id=step.id,
        stage=template.stage,
        phase=phase_of(step.day),
        day=step.day,
        due_on=step.due_on,
        kind=template.kind,
        message_class=MESSAGE_CLASS[template.kind],
        channels=parts.channels[step.id],
        fallback=_fallback(step, parts),
        local_minute=template.local_minute,
        offer_id=offer.id if offer else None,
        audience=template.audience,
        audience_title=template.audience_title.get("en", ""),
        goods=_goods(step, context),
        content=content_of(step.draft.content, context),
        template=template.id,
        template_version=template.version,
        trigger=template.trigger,
        window_days=min(template.window_days, LAST_OF_WINDOW - step.day) if step.day < LAST_OF_WINDOW else 0,
        owner=owner,
        why=why,
        expected_reach=cost.n_reached,
        expected_cost=money(expected, context),
    )


def _fallback(step: PlannedStep, parts: Parts) -> Fallback | None:
    hours = step.template.fallback_hours
    channel = second_channel(hours, parts.channels[step.id])
    return None if hours is None or channel is None else Fallback(channel=channel, after_hours=hours)


def _goods(step: PlannedStep, context: PlanContext) -> Goods | None:
    goods, dollars = step.template.goods, step.template.price_ceiling_dollars
    if goods is None or dollars is None:
        return goods
    return goods.model_copy(update={"price_ceiling": nominal(dollars, context.shop.currency)})
