"""What people earned with offers that pay afterwards: worked out from facts each time, kept nowhere."""

from .missions import missions_earned
from .referrals import referrals_earned
from .window import window_of

__all__ = ["missions_earned", "referrals_earned", "window_of"]
