"""Approval: four eyes, bound to the content hash, the guardrail version and an expiry."""

from .deciding import decide
from .errors import AlreadyDecided, NotApproved, NotSeen, OwnPlan
from .requesting import request
from .using import approved_plan

__all__ = ["AlreadyDecided", "NotApproved", "NotSeen", "OwnPlan", "approved_plan", "decide", "request"]
