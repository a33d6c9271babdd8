"""Lessons: what measured plans taught. Only a lift against withheld people becomes one, with interval and source."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from .base import Count, Frozen, ShopId
from .cohort import CohortId
from .experiment import Interval
from .message import MessageKind

LessonScope = Literal["plan", "cohort", "journey", "step"]


class Exposure(Frozen):
    """How often one kind of message was meant for and sent to the treated people of a lesson, per person."""

    cohort: CohortId
    """Whose journey."""
    kind: MessageKind
    """What it said."""
    planned_rate: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    """Messages the plan expected, per treated person; without those that did not pay by its own effects."""
    sent_rate: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    """Messages that left or may have, per treated person."""


class Lesson(Frozen):
    """One measured lift with what was done for it. Opens, clicks and attributed revenue never make one."""

    shop_id: ShopId
    """Whose it is."""
    plan_id: str
    """The plan that was measured."""
    data_version: Count
    """The facts it was read from."""
    scope: LessonScope
    """What was withheld from whom: the plan from everybody's or one cohort's control group, or one part of it."""
    part_id: str = ""
    """The cohort, journey or step; empty for the plan."""
    orders: Interval
    """Added further orders per assigned person, treated minus withheld, within the window."""
    rpr_pp: Interval | None = None
    """The same as repeat purchase rate in points; null where it cannot be read."""
    n_treated: Count
    """People who could be messaged."""
    n_withheld: Count
    """People who could not."""
    starts_on: date
    """First day on which orders counted."""
    ends_on: date
    """The last day."""
    within_days: Count
    """Days of the goal's window, from day 0."""
    exposures: tuple[Exposure, ...]
    """What was sent, by cohort and kind."""

    @property
    def id(self) -> str:
        """Its name: the same plan and part always give the same one."""
        return f"lesson-{self.plan_id[:12]}.{self.part_id or self.scope}"
