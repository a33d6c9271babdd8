"""The second checker: looks at every message again at hand-off, from `memory.domain` alone.

It shares no code with the guardrails, the tools or the tick; an import contract proves that. A limit that the first
checker forgot, or a row that nobody decided, ends here.
"""

from .message import verify_message
from .plan import verify_plan

__all__ = ["verify_message", "verify_plan"]
