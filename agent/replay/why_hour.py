"""The hour of a message among what is known of a decision: which was drawn, how likely, and which were not."""

from typing import Any

from agent.tick.decide import Frame


def hour_facts(option: dict[str, Any], decision: dict[str, Any], frame: Frame) -> dict[str, str]:
    """Give facts on the hour of the chosen option (a candidate) of a decision; none where nothing was drawn."""
    if decision["hour_no"] is None:
        return {}
    planned = int(option["local_minute"])
    minutes = {no: frame.hours.minutes[no - 1] if no else planned for no in decision["hour_choices"]}
    drawn = minutes.pop(decision["hour_no"])
    return {
        "hour": clock(drawn),
        "hour_chance": f"{decision['hour_propensity']:.6g}",
        "hours_not_drawn": " ".join(clock(minute) for minute in minutes.values()),
    }


def clock(minute: int) -> str:
    """Give a minute of the day as hours and minutes."""
    return f"{minute // 60:02}:{minute % 60:02}"
