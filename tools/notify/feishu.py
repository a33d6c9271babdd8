"""Feishu and Lark: a custom bot of a group (自定义机器人). Not verified against the live vendor.

Contract (open.feishu.cn, "Custom bot usage guide"): POST JSON to `https://open.feishu.cn/open-apis/bot/v2/hook/...`;
a bot with a secret wants `timestamp` (seconds, as text) and `sign` = Base64 of HMAC-SHA-256 with
timestamp, line feed and secret as the key over nothing, both in the body. The answer holds `code`: 0 is taken, 11232
is too often, 19021 a wrong or stale signature, 19022 a foreign address, 19024 a missing
keyword. HTTP 429 and 400 with 99991400 are the gateway's limit.
"""

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Any

from memory.domain.approval_rules import BotVendor
from memory.domain.message import HandOff
from tools.channels.wire import Answer

from .bot import BotAddress, Said, by_code

AGAIN = {11232: 60, 99991400: 60}
"""Codes that pass with time, and after how many seconds."""


class FeishuBot:
    """Feishu's contract; Lark's is the same on another host."""

    vendor: BotVendor = "feishu"
    hosts: tuple[str, ...] = ("open.feishu.cn", "open.larksuite.com")
    path = "/open-apis/bot/v2/hook/"
    is_signed = True

    def request(self, address: BotAddress, said: Said, at: datetime) -> tuple[str, dict[str, Any]]:
        """Give where to post and a rich text; its parts are plain text, so nothing in them is markup."""
        rows: list[list[dict[str, str]]] = [[{"tag": "text", "text": line}] for line in said.lines]
        rows.append([{"tag": "a", "text": said.link_words, "href": said.link}])
        post = {"zh_cn": {"title": said.title, "content": rows}}
        body: dict[str, Any] = {"msg_type": "post", "content": {"post": post}}
        if address.secret:
            stamp = int(at.timestamp())
            body |= {"timestamp": str(stamp), "sign": sign(stamp, address.secret)}
        return address.url, body

    def verdict(self, answer: Answer, at: datetime) -> HandOff:
        """Say what an answer means; older answers name the code `StatusCode`."""
        return by_code(answer, at, ("code", "StatusCode"), AGAIN, self.vendor)


def sign(stamp: int, secret: str) -> str:
    """Give the signature of a moment in seconds."""
    return base64.b64encode(hmac.digest(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256)).decode("ascii")
