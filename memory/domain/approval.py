"""Approval: four eyes, bound to content hash, guardrail version and expiry."""

from typing import Literal

from .base import Frozen, Instant, ShopId
from .plan import Plan

ApprovalDecision = Literal["approve", "send_back", "reject"]
ApprovalStatus = Literal["waiting", "approved", "sent_back", "rejected", "expired", "void"]
PlanStatus = Literal["draft", "refused", "waiting", "approved", "live", "finished", "rejected", "stopped"]


class Approval(Frozen):
    """One request and what became of it."""

    id: str
    """Its id."""
    shop_id: ShopId
    """Whose plan."""
    plan_id: str
    """The content hash it is bound to."""
    guardrail_version: str
    """The guardrails it is bound to."""
    requested_by: str
    """Who asked."""
    requested_at: Instant
    """When."""
    expires_at: Instant
    """Until when it may be decided and used."""
    touched_by: tuple[str, ...]
    """Everyone who touched the content; none of them may approve."""
    shown_hash: str = ""
    """Hash over every message as it is worded; the approver decides about exactly these."""
    status: ApprovalStatus
    """Where it stands."""
    decided_by: str = ""
    """Who decided."""
    decided_at: Instant | None = None
    """When."""
    note: str = ""
    """What they said."""
    is_staged: bool = False
    """Whether it was approved for a staged release only."""


class ApprovedPlan(Frozen):
    """A plan with the approval that lets it go; only `agent.approval` makes one, and dispatch takes nothing else."""

    plan: Plan
    """The content."""
    approval: Approval
    """Its approval, status `approved`."""
