"""What people decide about themselves: choices, permission, the second opt-in, and the proof of it."""

from .choosing import Centre, Choice, centre, choose, stop_all
from .confirming import ask_to_confirm, confirm

__all__ = ["Centre", "Choice", "ask_to_confirm", "centre", "choose", "confirm", "stop_all"]
