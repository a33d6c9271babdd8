"""What a table of an experiment says: per arm and outcome the difference to control with its interval."""

from memory.domain.base import Count, Frozen
from memory.domain.experiment import Estimate, SampleRatio


class OutcomeLift(Frozen):
    """One outcome of one arm against control, intention to treat."""

    outcome: str
    """The column."""
    is_share: bool
    """Whether every value in the table is 0 or 1: means are then shares and differences percentage points."""
    treated: Estimate
    """Mean of the arm."""
    control: Estimate
    """Mean of the control arm."""
    difference: Estimate
    """Arm minus control: percentage points for a share, else in the column's unit."""
    relative_lift: Estimate
    """The same relative to control, as a share (0.375 is +37.5 %); never mixed with the difference."""
    adjusted_difference: Estimate | None = None
    """The difference adjusted for covariates; null where none were named."""
    variance_cut: float | None = None
    """Share of the difference's variance that the covariates took away; null where none were named."""
    detectable_pp: Estimate | None = None
    """Smallest lift a share shows with 80 % power at these sizes, in percentage points; null for other outcomes."""


class ArmLift(Frozen):
    """One arm against control."""

    arm: str
    """The arm's value in the treatment column."""
    n_treated: Count
    """Its people."""
    n_control: Count
    """People of the control arm."""
    sample_ratio: SampleRatio
    """Whether the two have the promised sizes."""
    outcomes: tuple[OutcomeLift, ...]
    """In the order asked for."""


class Slice(Frozen):
    """The arms among people who share a value of the `--by` column."""

    value: str
    """The value; many slices are many chances to be wrong."""
    arms: tuple[ArmLift, ...]
    """Each arm against control in it."""


class ExperimentReport(Frozen):
    """Every arm of a table against its control."""

    treatment: str
    """The column that holds the arm."""
    control: str
    """The control arm's value."""
    n_people: Count
    """Rows."""
    covariates: tuple[str, ...]
    """Columns the adjusted differences use; they must have been known before the experiment began."""
    arms: tuple[ArmLift, ...]
    """Each arm against control, by name."""
    by: str = ""
    """The column of the slices; empty for none."""
    slices: tuple[Slice, ...] = ()
    """Per value of it."""
