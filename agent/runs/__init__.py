"""Durable runs: schedules fire, plans are drafted, gates ask, ticks decide; killed at any point they go on."""

from .amending import amend, carry_over
from .autonomy import decide_autonomy, grant_autonomy, revoke_autonomy
from .firing import fire_due, start_now
from .releasing import review_releases
from .steps import carry_out, look_at_gates
from .switch import set_switch

__all__ = [
    "amend",
    "carry_out",
    "carry_over",
    "decide_autonomy",
    "fire_due",
    "grant_autonomy",
    "look_at_gates",
    "review_releases",
    "revoke_autonomy",
    "set_switch",
    "start_now",
]
