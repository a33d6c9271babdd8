"""What a plan's messages bring that go by learned tables: the tables' held-out values, never what chose by them.

A table is kept with what sending by it brought per decision on people that had neither taught nor calibrated it
(`tools.effects.learn`, doubly robust). A plan's messages of the kind count so many decisions each as came per planned
message before; whom the table then leaves out is in the value already.
"""

import re
from collections.abc import Sequence
from math import hypot
from typing import NamedTuple

from memory.domain.cohort import CohortId
from memory.domain.learned import TableClaims
from memory.domain.plan import Forecast, Plan, Step
from tools.experiments.intervals import normal_quantile

from .context import PlanContext

Z90 = 1.645
"""Standard deviations of a two-sided 90 % range."""
ANOTHER_SEASON = 0.15
"""Standard deviation, as a share, by which the next season's effects may differ from measured ones: judgement."""
LEARNED = "learned:"
"""How the source of a forecast begins in which some kind goes by a table."""
OVER = " over "
SOURCE = re.compile(rf"{LEARNED}v\d+, (\d+) of (\d+) kinds{OVER}")


class TableSum(NamedTuple):
    """What messages by tables bring."""

    orders: float
    """Added orders."""
    sd: float
    """Their standard deviation."""
    margin_minor: float
    """Added margin before cost."""
    label: str
    """Data version, and how many of the plan's kinds go by a table; empty where none does."""


def of_tables(steps: Sequence[tuple[CohortId, Step]], context: PlanContext, known: TableClaims) -> TableSum:
    """Add up the messages that go by a table.

    Doubts of kinds are added, because the same people's orders may show in several; and another season may differ.
    """
    orders = doubt = margin = 0.0
    for cohort, step in steps:
        claim = known.get(step.kind)
        if claim is None:
            continue
        n, each = step.expected_reach * claim.came_rate, claim.orders
        orders += n * each.estimate
        doubt += n * (each.high - each.low) / 2 / normal_quantile(each.level)
        margin += n * each.estimate * context.cohort(cohort).median_basket_minor * (context.margin_rate or 0.0)
    kinds = {step.kind for _, step in steps}
    n_known = sum(known.get(kind) is not None for kind in kinds)
    label = f"{LEARNED}v{known.data_version}, {n_known} of {len(kinds)} kinds" if n_known else ""
    return TableSum(orders, hypot(doubt, ANOTHER_SEASON * orders), margin, label)


def with_tables(rest: Forecast, tables: TableSum) -> Forecast:
    """Put the forecast of all other messages and that of tables together; the doubts of both are independent."""
    if not tables.label:
        return rest
    orders = rest.incremental_orders + tables.orders
    width = hypot(rest.high - rest.incremental_orders, Z90 * tables.sd)
    return Forecast(
        incremental_orders=round(orders, 2),
        low=round(orders - width, 2),
        high=round(orders + width, 2),
        incremental_margin_minor=round(rest.incremental_margin_minor + tables.margin_minor),
        source=f"{tables.label}{OVER}{rest.source}",
    )


def goes_by_tables(source: str) -> tuple[int, int] | None:
    """Give how many of how many kinds a forecast takes from tables, by its source; none where none."""
    found = SOURCE.match(source)
    return (int(found[1]), int(found[2])) if found else None


def other_source(plan: Plan) -> str:
    """Give the label of the effects that the plan itself carries or assumes, tables left out."""
    return SOURCE.sub("", plan.forecast.source, count=1)
