"""Timing: when a message may be handed off, in the recipient's own zone or zones."""

from .due import due_instants, resolve_zone
from .hours import OpenHours, hours_for
from .later import LATER_MINUTES, LaterHour, later_hours
from .windows import is_allowed, next_allowed

__all__ = [
    "LATER_MINUTES",
    "LaterHour",
    "OpenHours",
    "due_instants",
    "hours_for",
    "is_allowed",
    "later_hours",
    "next_allowed",
    "resolve_zone",
]
