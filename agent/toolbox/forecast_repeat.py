"""The tool `forecast_repeat`: what would happen without the plan."""

from typing import Any

from memory.domain.cohort import CohortId

from .desk import Desk
from .tool import Arguments, Tool


class Which(Arguments):
    """Which cohort."""

    cohort: CohortId | None = None
    """One cohort; all four where none is given."""


def run(desk: Desk, arguments: Which) -> dict[str, Any]:
    """Give the expected repeat rate without the plan, and how past first buyers came back."""
    wanted = [row for row in desk.context.cohorts if arguments.cohort in (None, row.id)]
    rates = {row.id: None if row.expected_repeat_rate is None else round(row.expected_repeat_rate, 4) for row in wanted}
    curve = [
        {"within_days": row.within_days, "repeat_rate": round(row.repeat_rate, 4)} for row in desk.extras.repeat_curve
    ]
    return {"repeat_rate_without_plan": rates, "first_buyers_came_back": curve[:12]}


TOOL = Tool("forecast_repeat", "Repeat purchase rate without the plan, per cohort.", Which, run)
