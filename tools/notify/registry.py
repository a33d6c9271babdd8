"""The vendors: one file each, one line here."""

from memory.domain.approval_rules import BotVendor

from .bot import Bot
from .dingtalk import DingTalkBot
from .feishu import FeishuBot
from .slack import SlackBot
from .wecom import WeComBot

BOTS: tuple[Bot, ...] = (FeishuBot(), DingTalkBot(), WeComBot(), SlackBot())
"""Every vendor."""


def bot_of(vendor: BotVendor) -> Bot:
    """Give a vendor's contract."""
    return next(bot for bot in BOTS if bot.vendor == vendor)
