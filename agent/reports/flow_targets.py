"""Targets beside what was counted, per step and channel; diagnostics that decide nothing (S1-59)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from memory.domain.base import Frozen, Instant, Rate
from memory.domain.message_target import TARGET_METRICS, MessageTarget, TargetMetric, messages_of
from memory.domain.plan import Plan

if TYPE_CHECKING:
    from .flow import MessageFlow

COUNTED: dict[TargetMetric, str] = {"open": "n_opened", "click": "n_clicked", "conversion": "n_ordered"}
"""The column of a message's figures that each metric reads; software counts in none."""


class TargetRead(Frozen):
    """One target beside what was counted."""

    cohort: str
    """Whose journey the step is of."""
    step_id: str
    """The step."""
    channel: str
    """How its messages left; empty where none has left yet."""
    message: str
    """What the target was set on: the step, or the kind of message."""
    metric: TargetMetric
    """What is counted."""
    target_rate: Rate
    """The share hoped for, of the messages that left."""
    actual_rate: Rate | None
    """The share so far; null before any message left."""
    is_met: bool | None
    """Whether the share so far reaches the target; null before any message left. It decides nothing."""
    set_at: Instant
    """When the target was set."""


def read_targets(
    plan: Plan, targets: Sequence[MessageTarget], messages: Sequence["MessageFlow"]
) -> tuple[TargetRead, ...]:
    """Give the targets of each step in the order of the plan; its own target wins over its kind's."""
    known = messages_of(plan)
    by_step: dict[tuple[str, TargetMetric], MessageTarget] = {}
    for one in sorted(targets, key=lambda each: each.message in {step.id for step in plan.steps()}):
        by_step |= {(step.id, one.metric): one for step in known.get(one.message, ())}
    found = []
    for journey in plan.journeys:
        for step in journey.steps:
            for metric in TARGET_METRICS:
                if (target := by_step.get((step.id, metric))) is not None:
                    left = tuple(each for each in messages if each.step_id == step.id)
                    found += [_read(journey.cohort, step.id, target, each) for each in left or (None,)]
    return tuple(found)


def _read(cohort: str, step_id: str, target: MessageTarget, left: "MessageFlow | None") -> TargetRead:
    actual = None if left is None else left.rate(getattr(left, COUNTED[target.metric]))
    return TargetRead(
        cohort=cohort,
        step_id=step_id,
        channel=left.channel if left else "",
        message=target.message,
        metric=target.metric,
        target_rate=target.rate,
        actual_rate=actual,
        is_met=None if actual is None else actual >= target.rate,
        set_at=target.set_at,
    )
