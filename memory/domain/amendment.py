"""Amending a live plan: what changes, who is on the way, and what was promised."""

from typing import Literal

from .base import Count, Frozen, Instant, ShopId

StepChange = Literal["same", "changed", "removed", "added"]


class AmendedStep(Frozen):
    """One step, before and after."""

    step_id: str
    """The step."""
    change: StepChange
    """What becomes of it; `same` ones go on under the approval they have."""
    n_sent: Count = 0
    """People who have had it."""
    n_planned: Count = 0
    """Messages that wait."""


class IssuedOffer(Frozen):
    """An offer that people hold already; it stays valid as it was promised."""

    offer_id: str
    """The offer."""
    n_people: Count
    """How many hold it."""
    is_kept: bool
    """Whether the amended plan still has it unchanged."""


class Amendment(Frozen):
    """One change of a live plan."""

    id: str
    """Its id."""
    shop_id: ShopId
    """Whose."""
    old_plan_id: str
    """The plan that runs."""
    new_plan_id: str
    """What it is to become."""
    steps: tuple[AmendedStep, ...]
    """Every step of both."""
    offers: tuple[IssuedOffer, ...]
    """What was promised."""
    n_midway: Count
    """People who have had a step and have one to come."""
    requested_by: str
    """Who asked."""
    requested_at: Instant
    """When."""
    status: Literal["waiting", "done", "dropped"] = "waiting"
    """While it waits, unchanged steps go on and changed ones are held."""

    def held_steps(self) -> frozenset[str]:
        """Give the steps of the running plan that wait for the approval."""
        return frozenset(step.step_id for step in self.steps if step.change in ("changed", "removed"))
