"""Lessons for tests: one plan's lift with what was sent."""

from datetime import date
from typing import Any

from memory.domain.experiment import Interval
from memory.domain.lesson import Exposure, Lesson


def gap(estimate: float, half: float) -> Interval:
    """An interval of 95 %."""
    return Interval(estimate=estimate, low=estimate - half, high=estimate + half, method="test")


def a_lesson(orders: float = 0.05, half: float = 0.01, **changes: Any) -> Lesson:
    """The whole plan's lift: one thank-you and one cross-sell per person and cohort."""
    rows = [
        Exposure.model_validate({"cohort": cohort, "kind": kind, "planned_rate": 0.25, "sent_rate": 0.25})
        for cohort in ("vip", "reactivated", "discount_sensitive", "first_time")
        for kind in ("thank_you", "cross_sell")
    ]
    values: dict[str, Any] = {
        "shop_id": "nord", "plan_id": "a" * 64, "data_version": 3, "scope": "plan", "orders": gap(orders, half),
        "n_treated": 4_000, "n_withheld": 1_000, "starts_on": date(2026, 12, 1), "ends_on": date(2027, 2, 28),
        "within_days": 90, "exposures": tuple(rows),
    }  # fmt: skip
    return Lesson.model_validate({**values, **changes})
