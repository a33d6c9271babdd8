"""Part holdouts: treated people of a plan who get nothing of one journey, or of one step, and all the rest of it."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from .base import Frozen, Slug
from .plan import Journey, Plan, Step

Part = Literal["journey", "step"]
PARTS: tuple[Part, ...] = ("journey", "step")
"""In the order they are drawn: a step's people are those whom no holdout of its journey withholds."""
WITHHELD = "withheld"
"""The arm of a decision about a treated person whom a part holdout withholds, and its reason."""
PartRate = Annotated[float, Field(gt=0, le=0.5)]


class PartHoldout(Frozen):
    """A share of the treated people of one journey or step; set beside the plan until it goes live."""

    plan_id: str
    """The plan."""
    part: Part
    """Whether a whole journey or one of its steps is withheld."""
    part_id: Slug
    """The journey's or the step's id within the plan."""
    rate: PartRate
    """Share withheld of those who would get it."""

    def experiment_id(self, plan: Plan) -> str:
        """Give the name the draw is keyed by."""
        return f"{plan.holdout.experiment_id}.{self.part}.{self.part_id}"

    def journey(self, plan: Plan) -> Journey | None:
        """Give the journey it withholds or whose step it withholds; none where the plan has no such part."""
        return next((journey for journey in plan.journeys if self._of(journey)), None)

    def steps(self, plan: Plan) -> tuple[Step, ...]:
        """Give the steps it withholds."""
        journey = self.journey(plan)
        return self._of(journey) if journey else ()

    def first_on(self, plan: Plan) -> date:
        """Give the first day on which a message of it may be due: an event may come before a step's date."""
        return min((_first_on(plan, step) for step in self.steps(plan) if step.owner == "us"), default=plan.anchor_on)

    def _of(self, journey: Journey) -> tuple[Step, ...]:
        if self.part == "journey":
            return journey.steps if journey.id == self.part_id else ()
        return tuple(step for step in journey.steps if step.id == self.part_id)


def _first_on(plan: Plan, step: Step) -> date:
    if step.trigger == "delivered":
        return plan.anchor_on
    phase = next(phase for phase in plan.phases if phase.id == step.phase)
    return min(step.due_on, phase.starts_on) if step.trigger == "intent" else step.due_on


def in_order(holdouts: Iterable[PartHoldout]) -> tuple[PartHoldout, ...]:
    """Give them in the order they are drawn and shown: journeys first, then by id."""
    return tuple(sorted(holdouts, key=lambda one: (PARTS.index(one.part), one.part_id)))
