"""Sessions: everything a plan run or chat read and did, so that it can be replayed offline."""

from typing import Any, Literal

from .base import Frozen, Instant, ShopId

SessionKind = Literal["plan", "chat", "tick"]
SessionStatus = Literal["running", "finished", "stopped", "failed"]
SessionEventKind = Literal[
    "start", "clock", "seed", "user", "tool_call", "tool_result", "exchange", "refusal", "change", "plan", "stop", "end"
]


class SessionEvent(Frozen):
    """One entry of the chain; its hash covers the hash before it."""

    seq: int
    """Position, from 0."""
    kind: SessionEventKind
    """What it is."""
    at: Instant
    """When, by the clock port."""
    body: dict[str, Any]
    """Its content as plain JSON; no personal data."""
    previous_hash: str
    """Hash of the entry before; empty for the first."""
    entry_hash: str
    """Hash over everything above."""


class Session(Frozen):
    """The head of one recorded session."""

    id: str
    """Its id."""
    shop_id: ShopId
    """Which shop."""
    kind: SessionKind
    """What was done."""
    principal: str
    """For whom."""
    started_at: Instant
    """When it began."""
    status: SessionStatus
    """How it stands."""
    stop_reason: str = ""
    """Why it stopped early."""
    data_version: int
    """The facts it read."""
    guardrail_version: str
    """The guardrails it saw."""
    seed: int
    """Where its chance came from."""
    llm: str = ""
    """The language model's name; empty without one."""
    plan_id: str = ""
    """The plan it ended in."""
    usage: dict[str, int] = {}
    """Calls and tokens."""
    cost_microunits: int = 0
    """Cost of the model calls in millionths of the price list's currency."""
