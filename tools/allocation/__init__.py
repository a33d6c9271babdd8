"""Allocation: which option each person gets under caps and budget, and how far that is from the best possible."""

from .bound import upper_bound
from .greedy import Choice, Options, choose

__all__ = ["Choice", "Options", "choose", "upper_bound"]
