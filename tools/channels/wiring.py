"""From addresses to senders: what is not configured goes to the mailbox folder, which reaches nobody."""

from collections.abc import Mapping
from pathlib import Path

from memory.domain.clock import Clock
from memory.domain.market import Channel

from .sender import Sender


def wire_channels(
    *, mailbox: Path, clock: Clock, smtp_url: str = "", webhook_url: str = "", webhook_secret: str = ""
) -> Mapping[Channel, Sender]:
    """Give one sender per push channel: SMTP and webhook where an address is set, the mailbox folder elsewhere."""
    from .mailbox import MailboxSender

    rehearsal = MailboxSender(mailbox, clock)
    senders: dict[Channel, Sender] = {"email": rehearsal, "sms": rehearsal, "push": rehearsal}
    if smtp_url:
        from .smtp import SmtpSender

        senders["email"] = SmtpSender(smtp_url, clock)
    if webhook_url:
        from .webhook import WebhookSender

        webhook = WebhookSender(webhook_url, webhook_secret, clock)
        senders["sms"] = senders["push"] = webhook
    return senders
