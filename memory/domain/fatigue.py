"""Fatigue: what a send loses in the long run, by load and risk, as it is kept and read."""

from .base import Count, Frozen, Rate


class FatigueCell(Frozen):
    """The share of sends that lose the person, for a band of load and a class of risk."""

    load_from: Count
    """Messages heard before, from where the band begins; it ends where the next one begins."""
    is_at_risk: bool
    """Whether a band of risk lowers the person's caps."""
    n_sent: Count
    """Messages it was learned from; 0 where it is assumed."""
    rate: Rate
    """The share, drawn towards what is assumed."""
    low: Rate
    """Lower end of its 95 % interval."""
    high: Rate
    """Upper end."""


class Fatigue(Frozen):
    """All cells with their label."""

    label: str
    """How prices made from them are labelled, such as `assumption:fatigue-v1`."""
    ordinary_rate: Rate
    """The share that effects on orders are net of; a send pays for what lies beyond."""
    cells: tuple[FatigueCell, ...]
    """Per class of risk the bands of load, smallest first."""
