"""Lift: what a plan changed, treated against control (intention to treat)."""

from collections.abc import Callable

from memory.domain.experiment import ArmFigures, ArmSums, Estimate, LiftReport
from memory.domain.outcome import NotEstimable

from .intervals import (
    DELTA,
    Mean,
    mean_difference,
    mean_interval,
    normal_interval,
    scaled,
    share_difference,
    share_ratio,
    wilson,
)
from .power import power
from .sample_ratio import sample_ratio

MIN_BUYERS = 50
"""Buyers each arm needs before money figures are read: below it intervals of skewed sums cover too little."""
_NO_PEOPLE = NotEstimable(code="too_few_people", message="The arm has fewer than two people.")
_NO_CONTROL = NotEstimable(
    code="no_control_group", message="One arm is empty, so nothing can be compared; set a holdout in the next plan."
)
_NO_COSTS = NotEstimable(
    code="missing_data", message="Costs of goods are unknown; import them with `secondorder import costs`."
)


def lift(treated: ArmSums, control: ArmSums, *, control_rate: float | None = None) -> LiftReport:
    """Compare two arms. `control_rate` is the promised share of control people; the found one where none is given.

    A figure that would mean nothing is a `NotEstimable` with its reason, never NaN.
    """
    n = treated.n_people + control.n_people
    rate = control.n_people / n if control_rate is None and n else control_rate or 0.0
    margin = _compare(treated, control, _margin)
    added = scaled(margin, treated.n_people)
    return LiftReport(
        treated=_figures(treated),
        control=_figures(control),
        rpr_difference_pp=_rpr_points(treated, control),
        rpr_relative_lift=_relative(treated, control),
        aov_difference_minor=_aov_difference(treated, control),
        revenue_difference_minor=_compare(treated, control, _revenue),
        margin_difference_minor=margin,
        incremental_margin_minor=added,
        cost_minor=treated.cost_minor,
        roi=_roi(added, treated.cost_minor),
        sample_ratio=sample_ratio(treated.n_people, control.n_people, rate),
        detectable_lift_pp=_detectable(treated, control),
    )


def _figures(arm: ArmSums) -> ArmFigures:
    revenue, margin = _revenue(arm), _margin(arm)
    return ArmFigures(
        arm=arm.arm,
        n_people=arm.n_people,
        n_repeat=arm.n_repeat,
        n_orders=arm.n_orders,
        rpr=wilson(arm.n_repeat, arm.n_people) if arm.n_people else _NO_PEOPLE,
        aov_minor=_aov(arm),
        revenue_per_person_minor=mean_interval(revenue) if isinstance(revenue, Mean) else revenue,
        margin_per_person_minor=mean_interval(margin) if isinstance(margin, Mean) else margin,
    )


def _rpr_points(treated: ArmSums, control: ArmSums) -> Estimate:
    if not treated.n_people or not control.n_people:
        return _NO_CONTROL
    gap = share_difference(treated.n_repeat, treated.n_people, control.n_repeat, control.n_people)
    return scaled(gap, 100)


def _relative(treated: ArmSums, control: ArmSums) -> Estimate:
    if not treated.n_people or not control.n_people:
        return _NO_CONTROL
    return share_ratio(treated.n_repeat, treated.n_people, control.n_repeat, control.n_people)


def _revenue(arm: ArmSums) -> Mean | NotEstimable:
    if arm.n_people < 2:
        return _NO_PEOPLE
    if arm.n_repeat < MIN_BUYERS:
        return _too_few(arm)
    return Mean(arm.n_people, arm.revenue_minor, arm.revenue_squared)


def _margin(arm: ArmSums) -> Mean | NotEstimable:
    if arm.n_people < 2:
        return _NO_PEOPLE
    if arm.margin_minor is None or arm.margin_squared is None:
        return _NO_COSTS
    if arm.n_repeat < MIN_BUYERS:
        return _too_few(arm)
    return Mean(arm.n_people, arm.margin_minor, arm.margin_squared)


def _compare(treated: ArmSums, control: ArmSums, of: Callable[[ArmSums], Mean | NotEstimable]) -> Estimate:
    if not treated.n_people or not control.n_people:
        return _NO_CONTROL
    left, right = of(treated), of(control)
    if isinstance(left, NotEstimable):
        return left
    if isinstance(right, NotEstimable):
        return right
    return mean_difference(left, right)


def _aov(arm: ArmSums) -> Estimate:
    parts = _aov_parts(arm)
    return parts if isinstance(parts, NotEstimable) else normal_interval(*parts, DELTA)


def _aov_difference(treated: ArmSums, control: ArmSums) -> Estimate:
    left, right = _aov_parts(treated), _aov_parts(control)
    if isinstance(left, NotEstimable):
        return left
    if isinstance(right, NotEstimable):
        return right
    return normal_interval(left[0] - right[0], left[1] + right[1], DELTA)


def _aov_parts(arm: ArmSums) -> tuple[float, float] | NotEstimable:
    """Give revenue per order and the variance of that ratio of two sums over people."""
    if arm.n_people < 2:
        return _NO_PEOPLE
    if arm.n_repeat < MIN_BUYERS:
        return _too_few(arm)
    if arm.orders_squared is None or arm.revenue_orders is None:
        return NotEstimable(code="missing_data", message="Squared order counts were not kept for this arm.")
    ratio = arm.revenue_minor / arm.n_orders
    residuals = arm.revenue_squared - 2 * ratio * arm.revenue_orders + ratio**2 * arm.orders_squared
    orders_per_person = arm.n_orders / arm.n_people
    variance = max(0.0, residuals) / (arm.n_people - 1) / arm.n_people / orders_per_person**2
    return ratio, variance


def _roi(added: Estimate, cost_minor: int) -> Estimate:
    if cost_minor <= 0:
        return NotEstimable(
            code="missing_data", message="The plan has cost nothing yet, so there is no return to divide."
        )
    return scaled(added, 1 / cost_minor, "; cost taken as booked, without error")


def _detectable(treated: ArmSums, control: ArmSums) -> Estimate:
    if not control.n_people:
        return _NO_CONTROL
    return power(treated.n_people, control.n_people, control.n_repeat / control.n_people)


def _too_few(arm: ArmSums) -> NotEstimable:
    return NotEstimable(
        code="too_few_buyers",
        message=f"The {arm.arm} arm has {arm.n_repeat} buyers; money figures are read from {MIN_BUYERS} on.",
    )
