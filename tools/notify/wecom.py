"""WeCom (企业微信): a bot of a group (群机器人). Not verified against the live vendor.

Contract (developer.work.weixin.qq.com/document/path/91770): POST JSON to
`https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=...`; the key in the address is all that is checked. The answer
is HTTP 200 with `errcode`: 0 is taken, -1 is busy, 45009 is more than 20 messages a minute, 93000 an unknown address.
Markdown may have 4,096 bytes.
"""

from datetime import datetime
from typing import Any

from memory.domain.approval_rules import BotVendor
from memory.domain.message import HandOff
from tools.channels.wire import Answer

from .bot import BotAddress, Said, by_code
from .marks import cut, plain

AGAIN = {-1: 2, 45009: 60}
"""Codes that pass with time, and after how many seconds."""
MAX_BYTES = 4_096


class WeComBot:
    """WeCom's contract."""

    vendor: BotVendor = "wecom"
    hosts: tuple[str, ...] = ("qyapi.weixin.qq.com",)
    path = "/cgi-bin/webhook/send"
    is_signed = False

    def request(self, address: BotAddress, said: Said, at: datetime) -> tuple[str, dict[str, Any]]:
        """Give where to post and a Markdown message of at most 4,096 bytes, the link whole."""
        link = f"\n[{plain(said.link_words)}]({said.link})"
        words = "\n".join((f"**{plain(said.title)}**", *(f"> {plain(line)}" for line in said.lines)))
        text = cut(words, MAX_BYTES - len(link.encode())) + link
        return address.url, {"msgtype": "markdown", "markdown": {"content": text}}

    def verdict(self, answer: Answer, at: datetime) -> HandOff:
        """Say what an answer means."""
        return by_code(answer, at, ("errcode",), AGAIN, self.vendor)
