"""Targets of automated messages: which share is hoped to be opened, clicked or followed by an order (S1-59).

Diagnostics: nothing is decided by them. Whether a message sold anything is what the control group says.
"""

from typing import Annotated, Literal, get_args

from pydantic import Field

from .base import Frozen, Instant, Slug
from .plan import Plan, Step

TargetMetric = Literal["open", "click", "conversion"]
TARGET_METRICS: tuple[TargetMetric, ...] = get_args(TargetMetric)
"""Opened by a person, clicked in by a person, ordered within the attribution days after that click."""
TargetRate = Annotated[float, Field(gt=0, le=1)]


class MessageTarget(Frozen):
    """One target of one step, or of every message of a kind."""

    plan_id: str
    """The plan."""
    message: Slug
    """A step's id, or a kind of message: it holds for steps of the kind that have none of their own."""
    metric: TargetMetric
    """What is counted."""
    rate: TargetRate
    """Share of the messages that left."""
    set_at: Instant
    """When it was set: one that was set after the messages left is no forecast."""


def messages_of(plan: Plan) -> dict[str, tuple[Step, ...]]:
    """Give what targets may name, with the steps meant: the steps that leave as messages of ours, then their kinds."""
    steps = [step for step in plan.steps() if step.owner == "us" and step.message_class != "on_page"]
    kinds = {step.kind: tuple(one for one in steps if one.kind == step.kind) for step in steps}
    return {step.id: (step,) for step in steps} | {str(kind): ones for kind, ones in kinds.items()}
