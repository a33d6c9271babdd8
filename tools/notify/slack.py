"""Slack: an incoming webhook. Not verified against the live vendor.

Contract (docs.slack.dev, "Sending messages using incoming webhooks"): POST JSON with `text` to
`https://hooks.slack.com/services/T.../B.../...`; the address is the secret. The answer is plain text: 200 with `ok` is
taken; 400 `invalid_payload` or `user_not_found`, 403 `action_prohibited`, 404 `channel_not_found` or `no_service` and
410 `channel_is_archived` are refused for good; 429 names seconds in `Retry-After`; 500 `rollup_error` says nothing.
`&`, `<` and `>` in text are written as entities.
"""

from datetime import datetime
from typing import Any

from memory.domain.approval_rules import BotVendor
from memory.domain.message import Accepted, Ambiguous, HandOff, Refused
from tools.channels.wire import Answer

from .bot import BotAddress, Said


class SlackBot:
    """Slack's contract."""

    vendor: BotVendor = "slack"
    hosts: tuple[str, ...] = ("hooks.slack.com", "hooks.slack-gov.com")
    path = "/services/"
    is_signed = False

    def request(self, address: BotAddress, said: Said, at: datetime) -> tuple[str, dict[str, Any]]:
        """Give where to post and the message: blocks of plain text, and one text for notifications."""
        plain = "\n".join((said.title, *said.lines))
        link = f"<{_escaped(said.link)}|{_escaped(said.link_words)}>"
        blocks = [
            {"type": "header", "text": {"type": "plain_text", "text": said.title[:150], "emoji": False}},
            {"type": "section", "text": {"type": "plain_text", "text": "\n".join(said.lines)[:3000], "emoji": False}},
            {"type": "section", "text": {"type": "mrkdwn", "text": link}},
        ]
        return address.url, {"text": _escaped(plain)[:3000], "blocks": blocks, "unfurl_links": False}

    def verdict(self, answer: Answer, at: datetime) -> HandOff:
        """Say what an answer means."""
        words = answer.body.decode("utf-8", "replace").strip()[:100]
        if 200 <= answer.status < 300:
            if words == "ok":
                return Accepted(receipt=self.vendor, at=at)
            return Ambiguous(reason=f"{self.vendor} answered {answer.status} without ok")
        return Refused(reason=f"{self.vendor} {answer.status}: {words}", is_retryable=False)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
