"""Expected refusals are values: blocked, denied, not estimable. Exceptions are for broken promises."""

from datetime import date
from typing import Literal

from pydantic import Field

from .base import Frozen


class Blocked(Frozen):
    """One reason why something may not go on, readable by people and machines."""

    rule: str
    """The id of the guardrail or check that blocks."""
    code: str
    """The reason's stable machine name."""
    message: str
    """One sentence that names what is wrong and what would be allowed."""
    path: str = ""
    """Where in the plan or input it sits, as a dotted path."""
    limit: str = ""
    """The limit that was broken, as text."""
    actual: str = ""
    """The value that broke it, as text."""


class NotEstimable(Frozen):
    """A figure that would mean nothing, and why."""

    kind: Literal["not_estimable"] = "not_estimable"
    code: Literal[
        "too_few_people",
        "too_few_buyers",
        "no_control_group",
        "no_variance",
        "missing_data",
        "missing_rate",
        "window_open",
        "denominator_near_zero",
        "no_support",
        "low_ess",
    ]
    """The reason's stable machine name."""
    message: str
    """One sentence: what is missing and when or how it becomes readable."""
    readable_on: date | None = None
    """About when it becomes readable, where that is known."""


class Stopped(Frozen):
    """A planner ended safely without a plan: nothing is stored as a draft and nothing is scheduled."""

    kind: Literal["stopped"] = "stopped"
    code: str
    """The reason's stable machine name, such as `too_many_calls` or `refused_too_often`."""
    message: str
    """One sentence: what happened and what would help."""
    reasons: tuple[Blocked, ...] = ()
    """What the last submitted plan was refused for; empty where none was submitted."""


class Allowed(Frozen):
    """Everything was looked at and nothing speaks against it."""

    kind: Literal["allowed"] = "allowed"


class Denied(Frozen):
    """It may not go on; every reason is kept."""

    kind: Literal["denied"] = "denied"
    reasons: tuple[Blocked, ...] = Field(min_length=1)
    """Why, none left out."""

    @property
    def codes(self) -> tuple[str, ...]:
        """The machine names of the reasons, in order."""
        return tuple(reason.code for reason in self.reasons)


Verdict = Allowed | Denied
"""What a checker answers; whatever no check allowed is denied."""
