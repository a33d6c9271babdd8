"""The hour of a message among what is known of a decision: which was drawn, how likely, and which were not."""

from typing import Any

from agent.tick.decide import Frame
from agent.tick.hours import open_later


def hour_facts(option: dict[str, Any], decision: dict[str, Any], frame: Frame) -> dict[str, str]:
    """Give facts on the hour of the chosen option (a candidate) of a decision; none where nothing was drawn."""
    if decision["hour_no"] is None:
        return {}
    step = next(step for step in frame.plan.steps() if step.id == option["step_id"])
    minutes = {0: int(option["local_minute"])}
    minutes |= {hour.no: hour.minute for hour in open_later(option, option["channel"], step, frame.hour_rules)}
    drawn = minutes.pop(decision["hour_no"])
    return {
        "hour": clock(drawn),
        "hour_chance": f"{decision['hour_propensity']:.6g}",
        "hours_not_drawn": " ".join(clock(minute) for minute in minutes.values()),
    }


def clock(minute: int) -> str:
    """Give a minute of the day as hours and minutes."""
    return f"{minute // 60:02}:{minute % 60:02}"
