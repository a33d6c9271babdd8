"""The tool `price_plan`: what a draft costs, whom it reaches and what is expected of it."""

from typing import Any

from .composing import composed
from .desk import Desk
from .draft_arguments import FULL_SCHEMA, DraftArguments
from .tool import Tool, refused


def run(desk: Desk, arguments: DraftArguments) -> dict[str, Any]:
    """Give cost, worst case and forecast in the shop's minor units, or the reasons why there is no plan."""
    plan = composed(desk, arguments)
    if isinstance(plan, tuple):
        return refused(plan)
    budget, forecast = plan.budget, plan.forecast
    is_assumed = desk.context.measured is None and desk.context.claims is None
    basis = {} if is_assumed else {"forecast_source": forecast.source}
    return basis | {
        "total_minor": budget.total.amount_minor,
        "expected_cost_minor": budget.expected_cost.amount_minor,
        "worst_case_cost_minor": budget.worst_case_cost.amount_minor,
        "incremental_orders": [round(value, 1) for value in (forecast.low, forecast.incremental_orders, forecast.high)],
        "incremental_margin_minor": forecast.incremental_margin_minor,
        "n_reachable": sum(cohort.n_reachable for cohort in plan.cohorts),
    }


TOOL = Tool("price_plan", "Cost, worst case and forecast of a draft.", DraftArguments, run, told=FULL_SCHEMA)
