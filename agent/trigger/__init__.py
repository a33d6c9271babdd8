"""Triggers: what a person just did makes a step due now, decided for that person alone."""

from .rehearse import rehearse
from .report import TriggerReport
from .run import decide_triggers

__all__ = ["TriggerReport", "decide_triggers", "rehearse"]
