"""Every tool a planner may call. There is no other way for it to reach anything."""

from . import (
    allocate_budget,
    budget_audit,
    check_plan,
    choose_timing,
    define_segment,
    draft_copy,
    forecast_repeat,
    list_segments,
    price_plan,
    propose_offers,
    recall_lessons,
    recommend,
    size_segment,
    store_overview,
    submit_plan,
)
from .tool import Tool

TOOLS: tuple[Tool, ...] = (
    store_overview.TOOL,
    budget_audit.TOOL,
    list_segments.TOOL,
    define_segment.TOOL,
    size_segment.TOOL,
    forecast_repeat.TOOL,
    recommend.TOOL,
    propose_offers.TOOL,
    allocate_budget.TOOL,
    choose_timing.TOOL,
    draft_copy.TOOL,
    recall_lessons.TOOL,
    check_plan.TOOL,
    price_plan.TOOL,
    submit_plan.TOOL,
)
ALL: tuple[str, ...] = tuple(tool.name for tool in TOOLS)
"""Their names, in the order a planner is told them."""
FEW: tuple[str, ...] = ("store_overview", "recommend", "propose_offers", "submit_plan")
"""Enough for a plan; for small language models with little room."""


def tool_of(name: str) -> Tool | None:
    """Give the tool of that name, or none."""
    return next((tool for tool in TOOLS if tool.name == name), None)
