"""The kill switch, and the alerts that tell people."""

from typing import Literal

from .base import Frozen, Instant

EVERYWHERE = "*"
"""The scope of the whole organisation."""

AlertCode = Literal[
    "run_stopped", "gate_waits", "release_stopped", "kill_switch", "learning_failed", "monday", "parcels_lost",
    "lane_slips", "codes_missing", "codes_refused", "redemptions",
]  # fmt: skip


class KillSwitch(Frozen):
    """Whether hand-offs are stopped in a scope."""

    scope: str
    """A shop's id, or `*` for the whole organisation."""
    is_stopped: bool
    """Whether nothing may be handed off."""
    set_by: str
    """Who set it last."""
    set_at: Instant
    """When."""
    reason: str = ""
    """Why, in their words."""


class Alert(Frozen):
    """Something a person should hear of, told by mail and webhook where they are set up."""

    id: str
    """Its id; the webhook's idempotency key."""
    shop_id: str
    """Where; `*` for everywhere."""
    code: AlertCode
    """What kind."""
    subject: str
    """What it is about, such as `run:r12`."""
    message: str
    """What happened, in a sentence without personal data."""
    at: Instant
    """When."""
    told_at: Instant | None = None
    """When it was handed off by every way that is set up."""
