"""What statistics say of an experiment that is looked at more than once, or by part: frozen values."""

from typing import Literal

from .base import Count, Frozen, Rate
from .experiment import Estimate, Interval


class PlannedReadout(Frozen):
    """One of the planned looks at an experiment, judged by a group-sequential boundary."""

    kind: Literal["planned"] = "planned"
    n_looks: Count
    """Which look this is."""
    elapsed: Rate
    """Share of the experiment that is over."""
    z: float
    """Difference over its standard error under the null (pooled variance)."""
    boundary: float
    """The |z| from which on the experiment may stop at this look."""
    alpha_spent: Rate
    """Error probability used up by this look and the earlier ones."""
    crosses: bool
    """Whether |z| reaches the boundary: the arms differ."""
    difference: Interval
    """Treated minus control with the repeated interval: it holds at all planned looks together."""
    welch: Interval
    """The same with each arm's own variance, for arms that spread differently."""


class AnytimeReadout(Frozen):
    """A look at any time, planned or not, as often as one likes."""

    kind: Literal["anytime"] = "anytime"
    crosses: bool
    """Whether zero lies outside the pooled interval: the arms differ."""
    p_value: Rate
    """Always-valid p value of this look; the least of all looks so far is valid, too."""
    difference: Interval
    """Treated minus control with a confidence sequence from the pooled variance."""
    welch: Interval
    """The same with each arm's own variance: the one to read as a range of effects."""


class ExactEvidence(Frozen):
    """What the exact 2x2 test of two shares says, which can be watched all the time and needs no least of buyers."""

    e_value: float
    """Largest evidence against equal shares so far. Capped at 1e12."""
    needed: float
    """The evidence from which on the arms differ: 1 / alpha."""
    p_value: Rate
    """1 over the e value."""
    crosses: bool
    """Whether the arms differ."""


class ExactReadout(ExactEvidence):
    """The same with an interval."""

    kind: Literal["exact"] = "exact"
    difference: Interval
    """Treated minus control, valid at all looks together."""


class SequentialRatio(Frozen):
    """Whether the arms have the promised sizes, asked as often as one likes."""

    p_value: Rate
    """Always-valid p value over all looks so far."""
    is_suspicious: bool
    """Whether it is below the level."""


class Adjusted(Frozen):
    """A difference freed of what was known about people before the experiment (CUPED)."""

    kind: Literal["adjusted"] = "adjusted"
    difference: Interval
    """Treated minus control after the adjustment."""
    plain: Interval
    """The same without it."""
    variance_cut_rate: float
    """Share of the outcome's variance within arms that the covariates take away."""
    covariates: tuple[str, ...]
    """What was adjusted for; covariates without spread are left out."""


class CohortEffect(Frozen):
    """The effect in one cohort."""

    cohort: str
    """Which."""
    effect: Estimate
    """Treated minus control in this cohort alone."""
    shrunk: Estimate
    """The same, drawn towards the mean of all cohorts as far as its own noise asks for."""
    p_value: Rate | None = None
    """Of this cohort alone; null where there is no estimate."""
    p_adjusted: Rate | None = None
    """Corrected for looking at all cohorts (Holm)."""
    differs_from_zero: bool = False
    """Whether the corrected p value is below the level."""


class CohortEffects(Frozen):
    """Effects by cohort and whether the cohorts differ at all."""

    kind: Literal["cohort_effects"] = "cohort_effects"
    cohorts: tuple[CohortEffect, ...]
    """In the order given."""
    interaction_p_value: Rate | None = None
    """Chance of cohorts this different where the effect is the same in all; null with fewer than two."""
    cohorts_differ: bool = False
    """Whether that chance is below the level; if not, the effect of all people is the better guess for each."""
    spread: float = 0.0
    """Standard deviation of the true effects between cohorts (posterior mean), in the outcome's unit."""


class CorrectedTest(Frozen):
    """One of several comparisons that a report shows together, tested once."""

    kind: Literal["corrected"] = "corrected"
    p_value: Rate
    """Of this comparison alone (pooled variance)."""
    p_adjusted: Rate
    """Corrected for looking at all of them (Holm)."""
    n_tests: Count
    """How many those are."""
    differs: bool
    """Whether the corrected p value is below the level."""


class DesignRow(Frozen):
    """What an experiment with this holdout can show."""

    holdout_rate: Rate
    """Share of people withheld."""
    n_treated: Count
    """People who can be messaged."""
    n_control: Count
    """People withheld."""
    n_control_buyers: float
    """Buyers expected among them."""
    fixed_pp: Estimate
    """Smallest lift found with the asked power by one look at the end, in percentage points."""
    planned_pp: Estimate
    """The same with planned looks."""
    planned_relative: Estimate
    """The same lift as a share of the baseline."""
