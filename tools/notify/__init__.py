"""Notify: short messages to people in the chat tools where they work, through the vendors' group bots.

Built from the vendors' documented contracts and tested against a local server that speaks them; none of it was
verified against a live vendor.
"""

from .bot import BotAddress, Said, post
from .registry import BOTS, bot_of

__all__ = ["BOTS", "BotAddress", "Said", "bot_of", "post"]
