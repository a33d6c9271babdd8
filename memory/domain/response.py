"""What a channel or a later hour brings more than the usual one, per cohort, as it is learned from a shop's log."""

from .base import Count, Frozen
from .experiment import Estimate, Interval


class Response(Frozen):
    """One contrast: a channel against the step's first one, or a later hour against the planned one."""

    cohort: str
    """Whose."""
    channel: str
    """The channel; for hours the one on which the messages went."""
    against: str
    """The step's first channel; empty for hours."""
    hour_no: Count
    """Which later hour, from 1; 0 for channels."""
    n: Count
    """Messages on both sides."""
    difference: Estimate
    """Orders per message within the window, more than on the other side; by the cohort's own messages."""
    shrunk: Estimate
    """The same drawn towards the other cohorts and towards no difference."""

    @property
    def is_sure(self) -> bool:
        """Whether the interval of the drawn-together difference leaves out 0; decisions go by no other."""
        return isinstance(self.shrunk, Interval) and not self.shrunk.low <= 0 <= self.shrunk.high
