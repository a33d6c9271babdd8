"""What a drafting run ends in: a stored draft, reasons why not, or a safe stop."""

from typing import Literal

from memory.domain.base import Frozen
from memory.domain.outcome import Blocked, Stopped
from memory.domain.plan import Plan
from memory.store.plans import StoredPlan

from .price import PlanPrice


class Drafted(Frozen):
    """The plan passed every check and is stored as a draft."""

    kind: Literal["drafted"] = "drafted"
    stored: StoredPlan
    """The plan and where it stands."""
    price: PlanPrice
    """What it costs and whom it touches."""


class Refused(Frozen):
    """The plan breaks a guardrail or the draft stands for none; nothing is stored."""

    kind: Literal["refused"] = "refused"
    reasons: tuple[Blocked, ...]
    """Every reason."""
    plan: Plan | None = None
    """The plan as it would have been, for people to look at; none where none could be composed."""


PlanOutcome = Drafted | Refused | Stopped
"""How drafting ends."""
