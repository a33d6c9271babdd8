"""Reports that need both the store and the lake."""

from .lift import PlanLift, lift_report
from .lift_words import render_lift, render_lift_page

__all__ = ["PlanLift", "lift_report", "render_lift", "render_lift_page"]
