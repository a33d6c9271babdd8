"""Timing: when a message may be handed off, in the recipient's own zone or zones."""

from .due import due_instants, resolve_zone
from .hours import OpenHours, hours_for
from .windows import is_allowed, next_allowed

__all__ = ["OpenHours", "due_instants", "hours_for", "is_allowed", "next_allowed", "resolve_zone"]
