"""What another planner or prompt would have sent: its plan's messages, where the log's plan held the same ones."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from agent.tick.due import sendable
from memory.domain.canonical import content_hash
from memory.domain.outcome import NotEstimable
from memory.domain.plan import Plan, Step

from .reading import Logged

NOT_CONTENT = {"id", "why", "expected_reach", "expected_cost", "audience_title", "channels", "fallback", "phase"}
"""What may differ between two steps that send the same message to the same people at the same minute."""
MAX_NAMED = 3


def under_plan(log: Logged, plan: Plan, other: Plan) -> tuple[Logged, NotEstimable | None]:
    """Leave of the options those that the other plan holds too, and refuse where it holds what the log never had."""
    had, wanted = _messages(plan), _messages(other)
    if missing := [words for key, words in wanted.items() if key not in had]:
        named = "; ".join(missing[:MAX_NAMED]) + ("; ..." if len(missing) > MAX_NAMED else "")
        message = f"The log has no such message: {named}. What comes of it was never seen; run it as an experiment."
        return log, NotEstimable(code="no_support", message=message)
    kept = {step_channel for key, step_channel in _options(plan).items() if key in wanted}
    of_decision = pa.array(log.trail.decision)
    step = log.decisions["step_id"].take(of_decision)
    named_options = pc.binary_join_element_wise(step, log.options["channel"], "\x1f")
    holds = pc.is_in(named_options, pa.array(["\x1f".join(each) for each in sorted(kept)], pa.string()))
    available = log.trail.available & np.asarray(holds.to_numpy(zero_copy_only=False), dtype=np.bool_)
    return replace(log, trail=replace(log.trail, available=available)), None


def _messages(plan: Plan) -> dict[tuple[str, str], str]:
    """Give (content, channel) of every message the plan may send, with the words that name it."""
    return {
        (_content(plan, cohort, step), channel): f"{cohort}, day {step.day}, {step.kind} by {channel}"
        for _, cohort, step in sendable(plan)
        for channel in _channels(step)
    }


def _options(plan: Plan) -> dict[tuple[str, str], tuple[str, str]]:
    return {
        (_content(plan, cohort, step), channel): (step.id, channel)
        for _, cohort, step in sendable(plan)
        for channel in _channels(step)
    }


def _channels(step: Step) -> list[str]:
    return list(dict.fromkeys((*step.channels, *((step.fallback.channel,) if step.fallback else ()))))


def _content(plan: Plan, cohort: str, step: Step) -> str:
    offer = plan.offer(step.offer_id) if step.offer_id else None
    return content_hash(
        [
            cohort,
            step.model_dump(mode="json", exclude=NOT_CONTENT | {"offer_id"}),
            None if offer is None else offer.model_dump(mode="json", exclude={"id"}),
        ]
    )
