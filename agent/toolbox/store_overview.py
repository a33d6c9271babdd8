"""The tool `store_overview`: shop, peak, cohorts, best categories, and what the plan may cost."""

from typing import Any

from memory.domain.cohort import Cohort

from .cleaning import clean
from .desk import Desk
from .tool import NoArguments, Tool


def run(desk: Desk, _arguments: NoArguments) -> dict[str, Any]:
    """Give what a planner should know first."""
    context, limits = desk.context, desk.context.guardrails
    return {
        "currency": context.shop.currency,
        "peak": [str(context.peak_from), str(context.peak_until)],
        "anchor_on": str(context.anchor_on),
        "n_people": context.n_people,
        "markets": [market.country for market in context.markets],
        "cohorts": [_cohort(cohort) for cohort in context.cohorts],
        "top_categories": [clean(row.category, 32) for row in context.categories[:5] if row.category],
        "plan_budget_minor": limits.plan_budget.amount_minor,
    }


def _cohort(cohort: Cohort) -> dict[str, Any]:
    repeat = cohort.expected_repeat_rate
    return {
        "id": cohort.id,
        "n_people": cohort.n_people,
        "n_reachable": cohort.n_reachable,
        "median_basket_minor": cohort.median_basket_minor,
        "repeat_rate": None if repeat is None else round(repeat, 3),
    }


TOOL = Tool("store_overview", "Shop, peak, cohorts, best categories, limits. Call it first.", NoArguments, run)
