"""Experiments: who is withheld, whether the arms are sound, and what a plan changed."""

from .assignment import assign, unit_intervals
from .lift import lift
from .power import power
from .sample_ratio import sample_ratio

__all__ = ["assign", "lift", "power", "sample_ratio", "unit_intervals"]
