"""Approval: four eyes, bound to the content hash, the guardrail version and an expiry."""

from .deciding import decide
from .deputies import pass_on
from .errors import AlreadyDecided, NotApproved, NoteMissing, NotRead, NotSeen, OwnPlan
from .requesting import request
from .using import approved_plan

__all__ = [
    "AlreadyDecided",
    "NotApproved",
    "NotRead",
    "NotSeen",
    "NoteMissing",
    "OwnPlan",
    "approved_plan",
    "decide",
    "pass_on",
    "request",
]
