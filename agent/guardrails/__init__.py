"""Guardrails: one file per rule, each with a plan check and a columnar predicate."""

from .checking import check_plan, guard, judge_plan
from .facts import PlanFacts
from .registry import RULES
from .room import Room, RuleVerdict

__all__ = ["RULES", "PlanFacts", "Room", "RuleVerdict", "check_plan", "guard", "judge_plan"]
