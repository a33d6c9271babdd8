"""Scores that are lines in simple terms."""

from dataclasses import dataclass

from tools.offpolicy.log import Floats

from .terms import Terms


@dataclass(frozen=True)
class LinearScores:
    """Scores that are sums of terms: small enough to keep and to compile into a query."""

    terms: Terms
    """Features and hinges."""
    weights: Floats
    """(A - 1, 1 + d + hinges): what each term adds per treatment."""

    def __call__(self, context: Floats) -> Floats:
        """Give (m, A - 1) scores."""
        scores: Floats = self.terms.design(context) @ self.weights.T
        return scores
