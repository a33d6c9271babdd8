"""The tool `submit_plan`: the planner's only way to act. The plan is composed and checked by code."""

from typing import Any

from .composing import composed
from .desk import Desk
from .draft_arguments import FULL_SCHEMA, DraftArguments
from .tool import Tool, refused


def run(desk: Desk, arguments: DraftArguments) -> dict[str, Any]:
    """Give the accepted plan's id, or every reason for the refusal."""
    plan = composed(desk, arguments)
    if isinstance(plan, tuple):
        return {**refused(plan), "next": "Change what the reasons name, then call submit_plan with the changed draft."}
    return {"accepted": True, "plan_id": plan.id}


TOOL = Tool(
    "submit_plan", "Submit the draft. It ends the work when it is accepted.", DraftArguments, run, told=FULL_SCHEMA
)
