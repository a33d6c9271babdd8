"""Experiments: arms, and what lift is made of."""

from typing import Literal

from .base import Count, Frozen, MinorUnits
from .outcome import NotEstimable

Arm = Literal["treated", "control"]


class ArmSums(Frozen):
    """Sufficient statistics of one arm over an outcome window, in the shop's currency."""

    arm: Arm
    """Which arm."""
    n_people: Count
    """People assigned, messaged or not (intention to treat)."""
    n_repeat: Count
    """People with at least one further order in the window."""
    n_orders: Count
    """Further orders in the window."""
    revenue_minor: MinorUnits
    """Their revenue, net of refunds, without tax and shipping."""
    revenue_squared: float
    """Sum over people of squared revenue, in minor units squared."""
    orders_squared: float | None = None
    """Sum over people of squared order counts; null gives no interval for AOV."""
    revenue_orders: float | None = None
    """Sum over people of revenue times orders; null gives no interval for AOV."""
    margin_squared: float | None = None
    """Sum over people of squared margin; null gives no interval for margin and ROI."""
    margin_minor: MinorUnits | None = None
    """Their margin; null where costs are unknown."""
    cost_minor: MinorUnits = 0
    """Incentives redeemed and sends paid."""


class Interval(Frozen):
    """An estimate with its interval."""

    kind: Literal["interval"] = "interval"
    estimate: float
    """The estimate."""
    low: float
    """Lower end."""
    high: float
    """Upper end."""
    level: float = 0.95
    """Its coverage."""
    method: str
    """How it was made, with the source."""


Estimate = Interval | NotEstimable
"""A figure or the reason why there is none."""


class SampleRatio(Frozen):
    """Whether the arms have the sizes that the assignment rate promises (chi-square, one degree of freedom)."""

    expected_control_rate: float
    """Share of control people the plan asked for."""
    actual_control_rate: float
    """Share found."""
    p_value: float
    """Probability of a mismatch at least this large under correct assignment."""
    is_suspicious: bool
    """Whether the p value is below 0.01: the lift must then not be trusted before the cause is found."""


class ArmFigures(Frozen):
    """What one arm did, per person and per order, in the shop's currency."""

    arm: Arm
    """Which arm."""
    n_people: Count
    """People assigned."""
    n_repeat: Count
    """People with a further order."""
    n_orders: Count
    """Further orders."""
    rpr: Estimate
    """Share with a further order (Wilson interval)."""
    aov_minor: Estimate
    """Revenue per further order in minor units."""
    revenue_per_person_minor: Estimate
    """Revenue per assigned person in minor units, whether they bought or not."""
    margin_per_person_minor: Estimate
    """Margin per assigned person in minor units."""


class LiftReport(Frozen):
    """What the plan changed: treated against control, intention to treat."""

    treated: ArmFigures
    """The arm that could be messaged."""
    control: ArmFigures
    """The arm that was withheld."""
    rpr_difference_pp: Estimate
    """Incremental RPR: treated minus control, in percentage points."""
    rpr_relative_lift: Estimate
    """The same lift relative to the control's RPR, as a share (0.375 is +37.5 %); never mixed with the points."""
    aov_difference_minor: Estimate
    """Incremental AOV: difference of revenue per order; the interval counts people, not orders, as independent."""
    revenue_difference_minor: Estimate
    """Incremental CLV in revenue: difference of revenue per assigned person in the window, realised, no forecast."""
    margin_difference_minor: Estimate
    """Incremental CLV in margin: difference of margin per assigned person, realised, before the plan's cost."""
    incremental_margin_minor: Estimate
    """Margin difference times treated people: what the plan added, before its cost."""
    cost_minor: int
    """What sends and redeemed incentives cost."""
    roi: Estimate
    """Incremental margin over cost; 1 means that the plan paid back what it cost."""
    sample_ratio: SampleRatio
    """Whether the arms have the promised sizes."""
    detectable_lift_pp: Estimate
    """Smallest lift found with 80 % power at these sizes, in percentage points."""
