"""What people earned with offers that pay afterwards: worked out from facts each time, kept nowhere."""

from .missions import missions_earned, n_new_goods, tasks_done
from .referrals import referrals_earned
from .reviews import reviews_earned
from .window import window_of

__all__ = ["missions_earned", "n_new_goods", "referrals_earned", "reviews_earned", "tasks_done", "window_of"]
