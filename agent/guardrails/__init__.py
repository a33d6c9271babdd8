"""Guardrails: one file per rule, each with a plan check and a columnar predicate."""

from .checking import check_plan, guard
from .facts import PlanFacts
from .registry import RULES

__all__ = ["RULES", "PlanFacts", "check_plan", "guard"]
