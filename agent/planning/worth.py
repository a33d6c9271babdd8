"""Whether a step's message is worth its cost by its effect: sending leaves promotion out that is not."""

from memory.domain.plan import Plan, Step
from tools.priors.effects import Cell, load_effects


def is_worth_sending(step: Step, effect: float, margin_per_order: float) -> bool:
    """Say whether added orders bring more than sends and incentives cost; service is owed and always sent."""
    if step.message_class != "promotional":
        return True
    return step.expected_reach * effect * margin_per_order > step.expected_cost.amount_minor


def margin_per_order(plan: Plan) -> float:
    """Give the plan's own forecast of margin per added order in minor units; 0 where it forecasts none.

    A plan that claims a loss of orders after an unlucky lesson claims one of margin, too: an order is worth the same.
    """
    cast = plan.forecast
    return max(cast.incremental_margin_minor / cast.incremental_orders, 0.0) if cast.incremental_orders else 0.0


def effect_in(plan: Plan, cell: Cell) -> float:
    """Give the effect that the plan goes by: measured where it carries one, else assumed."""
    own = next((one.mean for one in plan.effects if (one.cohort, one.kind) == cell), None)
    return load_effects().get(*cell).mean if own is None else own
