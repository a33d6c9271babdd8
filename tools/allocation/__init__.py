"""Allocation: which option each person gets under caps and budget, and how far that is from the best possible."""

from .bound import upper_bound
from .greedy import Choice, Options, choose
from .limits import Budget, Count, Limit
from .plan import AllocationPlan, Infeasible, Price
from .problem import PerPerson, Problem
from .solve import solve

__all__ = [
    "AllocationPlan",
    "Budget",
    "Choice",
    "Count",
    "Infeasible",
    "Limit",
    "Options",
    "PerPerson",
    "Price",
    "Problem",
    "choose",
    "solve",
    "upper_bound",
]
