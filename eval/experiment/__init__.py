"""The lift report on any table of an experiment: one row per person, with the arm and what they did."""

from .measure import measure
from .reading import read
from .report import ExperimentReport

__all__ = ["ExperimentReport", "measure", "read"]
