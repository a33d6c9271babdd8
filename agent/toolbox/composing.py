"""From written arguments to a composed and checked plan, for the three tools that need one."""

from memory.domain.outcome import Blocked
from memory.domain.plan import Plan

from .desk import Desk
from .draft_arguments import DraftArguments


def composed(desk: Desk, arguments: DraftArguments) -> Plan | tuple[Blocked, ...]:
    """Give the plan the arguments stand for, or every reason why they stand for none."""
    draft = arguments.draft(desk)
    return draft if isinstance(draft, tuple) else desk.compose(draft)
