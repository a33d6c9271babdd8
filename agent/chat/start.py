"""What a chat's session begins with, so that a replay needs nothing else."""

from typing import Any

from agent.llm.limits import Limits


def start_body(tools: tuple[str, ...], limits: Limits) -> dict[str, Any]:
    """Give the planner's version, the tools and the limits of every draft in the chat."""
    from agent.planning.playbook import PlaybookPlanner

    return {
        "planner_version": PlaybookPlanner.ref.version,
        "tools": list(tools),
        "limits": limits.model_dump(mode="json"),
    }
