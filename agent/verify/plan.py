"""A plan as a whole: every guardrail that is about the plan, read from the plan and the guardrails alone."""

from collections.abc import Callable, Sequence

from memory.domain.handover import PlanNow
from memory.domain.market import Market
from memory.domain.outcome import Allowed, Blocked, Denied, Verdict

from .plan_dates import plan_dates
from .plan_journeys import plan_journeys
from .plan_money import plan_money
from .plan_offers import plan_offers
from .plan_steps import plan_steps
from .reason import reason

CHECKS: tuple[Callable[[PlanNow], tuple[Blocked, ...]], ...] = (plan_dates, plan_money, plan_offers, plan_journeys)


def verify_plan(now: PlanNow, markets: Sequence[Market]) -> Verdict:
    """Say whether the plan keeps the guardrails in force; every reason is kept.

    `markets` are the known markets its people live in.
    """
    reasons = [*(found for check in CHECKS for found in check(now)), *plan_steps(now, markets)]
    if now.plan.guardrail_version != now.guardrails.version:
        reasons.append(reason("known", "stale", "The plan was made for other guardrails.", path="guardrail_version"))
    return Denied(reasons=tuple(reasons)) if reasons else Allowed()
