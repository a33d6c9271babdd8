"""What a chat turn sends back, piece by piece."""

from typing import Annotated, Any, Literal

from pydantic import Field

from memory.domain.base import Frozen
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan


class Said(Frozen):
    """Words for the marketer."""

    kind: Literal["text"] = "text"
    text: str
    """In the marketer's language."""


class ToolUsed(Frozen):
    """The planner asked a tool."""

    kind: Literal["tool"] = "tool"
    tool: str
    """Which."""
    is_refused: bool = False
    """Whether it answered with reasons instead of figures."""
    arguments: dict[str, Any] = {}
    """What it was asked."""
    result: dict[str, Any] = {}
    """What it answered: aggregates and pseudonyms, as the planner saw them."""


class PlanDrafted(Frozen):
    """The plan as it stands now."""

    kind: Literal["plan"] = "plan"
    plan_id: str
    """Its id."""
    plan: Plan
    """Its content."""


class PlanRefused(Frozen):
    """The wish cannot be met; the plan stays as it was."""

    kind: Literal["refused"] = "refused"
    reasons: tuple[Blocked, ...]
    """Every reason."""


class PlanChanged(Frozen):
    """What the turn changed in the plan."""

    kind: Literal["diff"] = "diff"
    differences: tuple[dict[str, Any], ...]
    """Typed differences as plain JSON."""
    words: tuple[str, ...]
    """The same in the marketer's language, one line each."""


class Done(Frozen):
    """The turn is over and stored."""

    kind: Literal["done"] = "done"
    chat_id: str
    """The thread."""
    session_id: str
    """The session that recorded it."""
    plan_id: str = ""
    """The plan that stands now; empty for none."""


ChatEvent = Annotated[
    Said | ToolUsed | PlanDrafted | PlanRefused | PlanChanged | Done,
    Field(discriminator="kind"),
]
"""Any event of a turn."""
