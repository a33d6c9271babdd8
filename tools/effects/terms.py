"""Simple terms of the floor: every feature, and how far it lies above its middle. Two per feature and a constant."""

from dataclasses import dataclass

import numpy as np

from tools.offpolicy.log import Floats


@dataclass(frozen=True)
class Terms:
    """Standardised features and their hinges, by the means and spreads of the rows they were made from."""

    centre: Floats
    """(d,): means."""
    spread: Floats
    """(d,): standard deviations, 1 where there is none."""
    is_hinged: Floats
    """(d,): 1 for features with more than two values; a yes or no has no second slope."""

    @classmethod
    def of(cls, context: Floats) -> "Terms":
        """Measure the features of some rows."""
        spread = context.std(axis=0)
        low, high = (context.min(axis=0), context.max(axis=0)) if len(context) else (spread, spread)
        is_plain = ((context == low) | (context == high)).all(axis=0)
        return cls(context.mean(axis=0), np.where(spread > 0, spread, 1.0), (~is_plain).astype(np.float64))

    def design(self, context: Floats) -> Floats:
        """Give (m, 1 + d + hinges): a column of ones, the features, the hinges."""
        scaled = (context - self.centre) / self.spread
        hinges = np.maximum(scaled[:, self.is_hinged > 0], 0.0)
        columns: Floats = np.column_stack([np.ones(len(context)), scaled, hinges])
        return columns
