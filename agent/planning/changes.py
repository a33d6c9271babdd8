"""Applying one typed change to a brief; the brief is what chat edits, never the plan itself."""

from typing import TypeVar

from memory.domain.brief import (
    AllowChannel,
    AppPriority,
    Brief,
    BriefChange,
    EarlyAccessFirst,
    ExcludeChannel,
    ExcludeKind,
    MoveStep,
    Prioritise,
    RemoveStep,
    SetAnchor,
    SetBudget,
    SetGoal,
    SetHoldout,
    SetPeak,
)

from .commands.parsing import ParsedCommand, parse, parse_command
from .differences import PlanDifference, describe_difference, diff
from .explaining import explain

Value = TypeVar("Value")

__all__ = [
    "ParsedCommand",
    "PlanDifference",
    "apply",
    "apply_all",
    "describe_difference",
    "diff",
    "explain",
    "parse",
    "parse_command",
]


def apply(brief: Brief, change: BriefChange) -> Brief:
    """Give the brief with the change; applying it twice is applying it once."""
    match change:
        case ExcludeChannel() | AllowChannel():
            return _channel(brief, change)
        case EarlyAccessFirst(cohort=cohort):
            return brief.model_copy(update={"early_access_first": _first(cohort, brief.early_access_first)})
        case Prioritise(cohort=cohort):
            return brief.model_copy(update={"priority": _first(cohort, brief.priority)})
        case ExcludeKind(kind=kind):
            return brief.model_copy(update={"excluded_kinds": _with(kind, brief.excluded_kinds)})
        case MoveStep(step_id=step_id, day=day):
            kept = tuple(each for each in brief.removed_steps if each != step_id)
            return brief.model_copy(update={"moved_steps": {**brief.moved_steps, step_id: day}, "removed_steps": kept})
        case RemoveStep(step_id=step_id):
            moved = {key: day for key, day in brief.moved_steps.items() if key != step_id}
            return brief.model_copy(update={"removed_steps": _with(step_id, brief.removed_steps), "moved_steps": moved})
        case _:
            return brief.model_copy(update=_value(change))


def apply_all(brief: Brief, changes: tuple[BriefChange, ...]) -> Brief:
    """Give the brief with all changes in order."""
    for change in changes:
        brief = apply(brief, change)
    return brief


def _value(change: BriefChange) -> dict[str, object]:
    match change:
        case SetBudget(budget=budget):
            return {"budget": budget}
        case SetHoldout(rate=rate):
            return {"holdout_rate": rate}
        case SetAnchor(on=on):
            return {"anchor_on": on}
        case SetPeak(from_on=from_on, until_on=until_on):
            return {"peak_from": from_on, "peak_until": until_on}
        case SetGoal(goal=goal):
            return {"goal": goal}
        case AppPriority(on=matters):
            return {"app_priority": matters}
    return {}


def _channel(brief: Brief, change: ExcludeChannel | AllowChannel) -> Brief:
    pair = (change.market, change.channel)
    if isinstance(change, ExcludeChannel):
        if change.market is None:
            return brief.model_copy(update={"excluded_channels": _with(change.channel, brief.excluded_channels)})
        return brief.model_copy(update={"excluded": _with((change.market, change.channel), brief.excluded)})
    kept = tuple(each for each in brief.excluded if each != pair and (change.market or each[1] != change.channel))
    if change.market is not None:
        return brief.model_copy(update={"excluded": kept})
    channels = tuple(each for each in brief.excluded_channels if each != change.channel)
    return brief.model_copy(update={"excluded": kept, "excluded_channels": channels})


def _with(value: Value, values: tuple[Value, ...]) -> tuple[Value, ...]:
    return values if value in values else (*values, value)


def _first(value: Value, values: tuple[Value, ...]) -> tuple[Value, ...]:
    return (value, *(each for each in values if each != value))
