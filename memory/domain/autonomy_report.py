"""What autonomy did: the share of decisions the agent took, and those that people were spared."""

from .autonomy import AutonomyLevel
from .base import Count, Frozen, Instant, Rate


class SparedDecision(Frozen):
    """One decision nobody had to take, and in whose name it was taken."""

    run_id: str
    """The run."""
    plan_id: str
    """What it let through."""
    grant_id: str
    """By which grant."""
    granted_by: str
    """Who answers for it."""
    level: AutonomyLevel
    """At which level."""
    at: Instant
    """When."""


class AutonomyReport(Frozen):
    """Decisions about plans, by who took them; only runs that reached a decision count."""

    n_by_agent: Count
    """Taken inside a granted level."""
    n_by_people: Count
    """Taken at a gate."""
    n_waiting: Count
    """Still at a gate."""
    agent_rate: Rate | None
    """Share the agent took; null where nothing was decided yet."""
    n_messages_by_agent: Count
    """Messages that left under plans the agent let through."""
    n_messages_by_people: Count
    """Messages that left under plans people approved."""
    spared: tuple[SparedDecision, ...]
    """The decisions people were spared, newest first."""
