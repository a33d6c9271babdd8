"""Both arms day by day: repeat curves, the lift with its confidence sequence, cost beside margin."""

import numpy as np
import numpy.typing as npt

from memory.domain.experiment import Arm
from tools.experiments.daily import Daily, sequence
from tools.experiments.intervals import wilson
from tools.outcomes.reading import ARMS, Outcomes
from tools.outcomes.window import ArmKey, OutcomeWindow

from .lift_model import DayPoint
from .plan_costs import Spent

MICROS_PER_DAY = 86_400 * 1_000_000


def daily_of(found: Outcomes, n_days: int) -> Daily:
    """Give cumulative buyers of both arms over the first `n_days` days."""
    rows = found.first_days.to_pydict()
    n = (found.sums[ArmKey("", "treated")].n_people, found.sums[ArmKey("", "control")].n_people)
    treated, control = (np.cumsum(_by_day(rows, arm, "n", n_days)) for arm in ARMS)
    return Daily(n, (treated, control))


def day_points(
    found: Outcomes, daily: Daily, spent: Spent, window: OutcomeWindow, planned_rate: float, alpha: float
) -> tuple[DayPoint, ...]:
    """Give one point per day that is over; empty where an arm is empty or no day is over."""
    n1, n0 = daily.n
    n_days = len(daily.buyers[0])
    if not n1 or not n0 or not n_days:
        return ()
    _, low, high = sequence(daily, planned_rate, alpha)
    margin, cost = _margin(found, daily, n_days), _cost(found, spent, window, n_days)
    points = []
    for day in range(n_days):
        treated, control = (wilson(int(buyers[day]), n) for n, buyers in zip(daily.n, daily.buyers, strict=True))
        points.append(
            DayPoint(
                day=day + 1,
                treated_rate=treated.estimate, treated_low=treated.low, treated_high=treated.high,
                control_rate=control.estimate, control_low=control.low, control_high=control.high,
                lift_low_pp=None if np.isnan(low[day]) else 100 * float(low[day]),
                lift_high_pp=None if np.isnan(high[day]) else 100 * float(high[day]),
                margin_minor=None if margin is None else round(margin[day]),
                cost_minor=round(cost[day]),
            )
        )  # fmt: skip
    return tuple(points)


def _margin(found: Outcomes, daily: Daily, n_days: int) -> list[float] | None:
    if found.sums[ArmKey("", "treated")].margin_minor is None:
        return None
    rows = found.money_days.to_pydict()
    per_person = [
        np.cumsum(_by_day(rows, arm, "margin_minor", n_days)) / n for arm, n in zip(ARMS, daily.n, strict=True)
    ]
    return [float(value) for value in (per_person[0] - per_person[1]) * daily.n[0]]


def _cost(found: Outcomes, spent: Spent, window: OutcomeWindow, n_days: int) -> list[float]:
    """Add up sends on their day, incentives on the day of the order, and what deeds earned on the last day."""
    start = int(window.starts_at.timestamp() * 1_000_000)
    at = np.asarray(spent.by_day["at"], dtype=np.int64)
    day = np.clip((at - start) // MICROS_PER_DAY, 0, n_days - 1)
    sends = np.bincount(day, weights=np.asarray(spent.by_day["minor"], dtype=np.float64), minlength=n_days)
    daily = sends.astype(np.float64) + _by_day(found.money_days.to_pydict(), "treated", "incentive_minor", n_days)
    daily[-1] += sum(cost for _, cost in spent.earned.values())
    return [float(value) for value in np.cumsum(daily)]


def _by_day(rows: dict[str, list[object]], arm: Arm, column: str, n_days: int) -> npt.NDArray[np.float64]:
    values = np.zeros(n_days)
    for each, day, value in zip(rows["arm"], rows["day"], rows[column], strict=True):
        if each == arm and 0 <= int(str(day)) < n_days:
            values[int(str(day))] += float(str(value))
    return values
