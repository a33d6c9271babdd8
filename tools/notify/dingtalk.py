"""DingTalk: a custom bot of a group (自定义机器人). Not verified against the live vendor.

Contract (open.dingtalk.com, "Custom bot access" and "Message types"): POST JSON to
`https://oapi.dingtalk.com/robot/send?access_token=...`; a bot with a secret also wants `timestamp` (milliseconds) and
`sign` = URL-encoded Base64 of HMAC-SHA-256 with the secret as key over timestamp, line feed and secret. The answer is
HTTP 200 with `errcode`: 0 is taken, -1 and 410100 are busy, 130101 is more than 20 messages a minute (ten minutes'
rest), 310000 is a wrong keyword, address or signature.
"""

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus

from memory.domain.approval_rules import BotVendor
from memory.domain.message import HandOff
from tools.channels.wire import Answer

from .bot import BotAddress, Said, by_code
from .marks import plain

AGAIN = {-1: 2, 410100: 60, 130101: 600}
"""Codes that pass with time, and after how many seconds."""


class DingTalkBot:
    """DingTalk's contract."""

    vendor: BotVendor = "dingtalk"
    hosts: tuple[str, ...] = ("oapi.dingtalk.com",)
    path = "/robot/send"
    is_signed = True

    def request(self, address: BotAddress, said: Said, at: datetime) -> tuple[str, dict[str, Any]]:
        """Give where to post and a Markdown message."""
        url = address.url
        if address.secret:
            stamp = int(at.timestamp() * 1000)
            url += f"{'&' if '?' in url else '?'}timestamp={stamp}&sign={quote_plus(sign(stamp, address.secret))}"
        lines = "\n\n".join(plain(line) for line in said.lines)
        text = f"#### {plain(said.title)}\n\n{lines}\n\n[{plain(said.link_words)}]({said.link})"
        return url, {"msgtype": "markdown", "markdown": {"title": said.title, "text": text}}

    def verdict(self, answer: Answer, at: datetime) -> HandOff:
        """Say what an answer means."""
        return by_code(answer, at, ("errcode",), AGAIN, self.vendor)


def sign(stamp: int, secret: str) -> str:
    """Give the signature of a moment in milliseconds, Base64, not yet URL-encoded."""
    given = f"{stamp}\n{secret}".encode()
    return base64.b64encode(hmac.digest(secret.encode(), given, hashlib.sha256)).decode("ascii")
