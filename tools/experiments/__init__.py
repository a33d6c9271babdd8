"""Experiments: who is withheld, whether the arms are sound, and what a plan changed.

How a lift is read: `lift` once at the end; `planned` at planned looks (the default before the end); `anytime` at looks
nobody planned; `cuped`, `cohort_effects`, `roi` and `design` beside them. `two_by_two`, `sequential_ratio` and `cap`
are measured in `eval.looks` and read by no report. What needs SciPy is imported from its own module, so that commands
which only assign people start fast. The methods, their papers, limits and measured error rates: docs/experiments.md.
"""

from .assignment import assign, unit_intervals
from .lift import lift
from .power import power
from .sample_ratio import sample_ratio

__all__ = ["assign", "lift", "power", "sample_ratio", "unit_intervals"]
