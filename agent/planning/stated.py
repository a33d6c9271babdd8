"""Figures that a plan from outside states, worked out anew: reach, costs, forecast; what differs is refused.

A plan that was composed here states them as they are. A file may state anything, and the limits on money are held
against what a plan states.
"""

from collections.abc import Callable, Iterable

from memory.domain.cohort import CohortId
from memory.domain.money import Money
from memory.domain.offer import Offer
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan, Step
from tools.offers.facts import OfferFacts
from tools.offers.worth import worth
from tools.priors.amounts import nominal
from tools.priors.effects import load_effects

from .budgeting import kind_of_offer
from .context import PlanContext
from .costing import expected_minor, money, sends_minor, worst_minor
from .forecasting import forecast, holdout, planned_effects
from .offering import offer_facts

RULE = "stated_figures"


def misstated(plan: Plan, context: PlanContext) -> tuple[Blocked, ...]:
    """Give every figure of the plan that is not what its steps, offers and the facts make it; none for a true plan."""
    return (*_offers(plan, context), *_steps(plan, context), *_head(plan, context))


def _offers(plan: Plan, context: PlanContext) -> Iterable[Blocked]:
    facts = offer_facts(context)
    for offer in plan.offers:
        kind = kind_of_offer(offer)
        yield from _same(f"offers.{offer.id}.cost_per_use", offer.cost_per_use, _cost_of_use(offer, facts))
        yield from _same(
            f"offers.{offer.id}.redemption_rate", offer.redemption_rate, load_effects().redemption_rate(kind)
        )


def _cost_of_use(offer: Offer, facts: OfferFacts) -> Money:
    """Give the cost of one use on the larger of its smallest basket and its cohort's usual one."""
    unknown = nominal(50, facts.currency).amount_minor
    usual = max(facts.baskets.get(cohort) or unknown for cohort in offer.limits.cohorts)
    used_on = max(offer.limits.min_spend.amount_minor, usual)
    return Money(amount_minor=worth(offer.incentive, used_on).cost_minor, currency=facts.currency)


def _steps(plan: Plan, context: PlanContext) -> Iterable[Blocked]:
    for cohort, step in _dated(plan):
        reach = _reach(cohort, step, plan, context)
        expected = _sends(cohort, step, plan, context) + _of_offer(plan, step, expected_minor, reach)
        yield from _same(f"steps.{step.id}.expected_reach", step.expected_reach, reach)
        yield from _same(f"steps.{step.id}.expected_cost", step.expected_cost, money(expected, context))


def _head(plan: Plan, context: PlanContext) -> Iterable[Blocked]:
    dated = _dated(plan)

    def worst_of(offer: Offer, n_reached: int) -> int:
        return worst_minor(offer, n_reached, context.guardrails)

    expected = worst = 0
    for cohort, step in dated:
        sends, reach = _sends(cohort, step, plan, context), _reach(cohort, step, plan, context)
        expected += sends + _of_offer(plan, step, expected_minor, reach)
        worst += sends + _of_offer(plan, step, worst_of, reach)
    yield from _same("budget.expected_cost", plan.budget.expected_cost, money(expected, context))
    yield from _same("budget.worst_case_cost", plan.budget.worst_case_cost, money(worst, context))
    yield from _same("forecast", plan.forecast, forecast(dated, context))
    yield from _same("effects", plan.effects, planned_effects(dated, context))
    yield from _same("holdout", plan.holdout, holdout(plan.holdout.rate, context))


def _dated(plan: Plan) -> list[tuple[CohortId, Step]]:
    return [(journey.cohort, step) for journey in plan.journeys for step in journey.steps]


def _reach(cohort: CohortId, step: Step, plan: Plan, context: PlanContext) -> int:
    if step.owner != "us":
        return context.cohort(cohort).n_people
    languages = context.guardrails.languages
    everyone = context.n_reached(cohort, step.channels, excluded=plan.brief.excluded, languages=languages)
    return everyone - int(everyone * plan.holdout.rate)


def _sends(cohort: CohortId, step: Step, plan: Plan, context: PlanContext) -> int:
    if step.owner != "us":
        return 0
    second = step.fallback.channel if step.fallback else None
    return sends_minor(cohort, step.channels, plan.holdout.rate, plan.brief, context, second=second)


def _of_offer(plan: Plan, step: Step, cost: Callable[[Offer, int], int], n_reached: int) -> int:
    offer = plan.offer(step.offer_id) if step.offer_id else None
    return cost(offer, n_reached) if offer is not None else 0


def _same(path: str, stated: object, true: object) -> Iterable[Blocked]:
    if stated != true:
        message = f"{path} is stated as {_short(stated)}; worked out it is {_short(true)}. Draft the plan here instead."
        yield Blocked(
            rule=RULE, code="misstated", message=message, path=path, limit=_short(true), actual=_short(stated)
        )


def _short(value: object) -> str:
    return str(value)[:160]
