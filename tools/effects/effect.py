"""Effects per person with their standard errors; there is none without."""

from dataclasses import dataclass

from tools.experiments.intervals import normal_quantile
from tools.offpolicy.log import Floats


@dataclass(frozen=True)
class PersonEffects:
    """What each treatment adds to the outcome, per person and treatment (m, A - 1)."""

    mean: Floats
    """The effect."""
    sd: Floats
    """Its standard error: of the mean effect among people scored alike, and of the score itself by the folds' rows."""

    def interval(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Give both ends."""
        width = normal_quantile(level) * self.sd
        return self.mean - width, self.mean + width
