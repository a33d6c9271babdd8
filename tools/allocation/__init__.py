"""Allocation: which option each person gets under caps and budget, and how far that is from the best possible."""

from .choice import Choice, choose
from .curve import CurvePoint, budget_curve
from .limits import Budget, Count, Limit
from .options import Options
from .plan import AllocationPlan, Infeasible, Price
from .problem import PerPerson, Problem
from .solve import solve

__all__ = [
    "AllocationPlan",
    "Budget",
    "Choice",
    "Count",
    "CurvePoint",
    "Infeasible",
    "Limit",
    "Options",
    "PerPerson",
    "Price",
    "Problem",
    "budget_curve",
    "choose",
    "solve",
]
