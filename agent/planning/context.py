"""The planning context: everything a planner may look at. Aggregates only, read in one step by `gather`."""

from datetime import date

from agent.guardrails.facts import PlanFacts
from memory.domain.base import Count, MinorUnits
from memory.domain.guardrails import Guardrails


class PlanContext(PlanFacts):
    """The facts, the guardrails and the dates a plan is drafted from. Holds no person and no contact data."""

    guardrails: Guardrails
    """The limits in force."""
    peak_from: date
    """First day of the peak whose buyers the plan is for."""
    peak_until: date
    """Last day of the peak."""
    anchor_on: date
    """Day 0 of the 90 days."""
    n_people: Count = 0
    """People of the shop."""
    shipping_minor: MinorUnits = 0
    """Median shipping paid per order in the shop's currency."""
    assumptions: tuple[str, ...] = ()
    """What is assumed rather than read from data, in words."""
