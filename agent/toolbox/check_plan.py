"""The tool `check_plan`: every reason why a draft could not be submitted; changes nothing."""

from typing import Any

from .composing import composed
from .desk import Desk
from .draft_arguments import FULL_SCHEMA, DraftArguments
from .tool import Tool, refused


def run(desk: Desk, arguments: DraftArguments) -> dict[str, Any]:
    """Give `ok` or the reasons."""
    plan = composed(desk, arguments)
    return refused(plan) if isinstance(plan, tuple) else {"ok": True, "n_steps": len(plan.steps())}


TOOL = Tool(
    "check_plan", "Check a draft against all guardrails without submitting it.", DraftArguments, run, told=FULL_SCHEMA
)
