"""Reports that need both the store and the lake."""

from .decision import decision_record, list_decisions
from .decision_record import DecisionLine, DecisionRecord
from .decision_words import render_decision
from .earned import PlanEarned, earned_report
from .earned_words import render_earned
from .lift import PlanLift, lift_report
from .lift_words import render_lift, render_lift_page

__all__ = [
    "DecisionLine",
    "DecisionRecord",
    "PlanEarned",
    "PlanLift",
    "decision_record",
    "earned_report",
    "lift_report",
    "list_decisions",
    "render_decision",
    "render_earned",
    "render_lift",
    "render_lift_page",
]
