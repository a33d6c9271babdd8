"""Reports that need both the store and the lake."""

from .earned import PlanEarned, earned_report
from .earned_words import render_earned
from .lift import PlanLift, lift_report
from .lift_words import render_lift, render_lift_page

__all__ = ["PlanEarned", "PlanLift", "earned_report", "lift_report", "render_earned", "render_lift", "render_lift_page"]
