"""What a trigger run decided."""

from memory.domain.base import Count, Frozen


class TriggerReport(Frozen):
    """What a trigger run did."""

    n_deeds: Count = 0
    """Deeds it looked at."""
    n_people: Count = 0
    """People they belong to."""
    n_waiting: Count = 0
    """Steps that now wait for the days after the event that their kind asks for."""
    n_decisions: Count = 0
    """Decisions, the control group included."""
    n_planned: Count = 0
    """Messages planned."""
    batch_id: str = ""
    """The batch of its decisions; empty where nothing was due."""
