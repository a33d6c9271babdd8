"""From addresses to senders: what is not configured goes to the mailbox folder, which reaches nobody."""

from collections.abc import Mapping
from pathlib import Path

from memory.domain.base import Frozen
from memory.domain.clock import Clock
from memory.domain.market import Channel

from .sender import Sender

CALLBACK_PATH = "/hooks/twilio/{shop_id}/status/{send_key}"
"""Where status callbacks of SMS arrive, behind the public address."""


class ChannelSettings(Frozen):
    """What the environment says about channels; empty texts mean not configured. Holds secrets: never logged."""

    public_url: str = "http://127.0.0.1:8080"
    """Where the outside reaches this installation."""
    smtp_url: str = ""
    """Mail server."""
    dkim_key: Path | None = None
    """PEM file of the signing key."""
    dkim_domain: str = ""
    """Signing domain."""
    dkim_selector: str = ""
    """Selector of the public key in DNS."""
    webhook_url: str = ""
    """Where messages are posted."""
    webhook_secret: str = ""
    """Signs them."""
    webhook_hosts: Mapping[str, tuple[str, ...]] | None = None
    """Allowed hosts per shop; any public one where there is no list."""
    twilio_url: str = ""
    """Where the SMS contract is spoken."""
    twilio_account: str = ""
    """Account sid."""
    twilio_token: str = ""
    """Auth token."""
    twilio_from: str = ""
    """Sending number or messaging service."""
    fcm_url: str = ""
    """Where the push contract is spoken."""
    fcm_credentials: Path | None = None
    """Service account file."""
    app_scheme: str = ""
    """The app's own scheme for deep links."""
    allows_loopback: bool = False
    """Whether HTTP channels may reach this machine."""


def wire_channels(*, mailbox: Path, clock: Clock, given: ChannelSettings) -> Mapping[Channel, Sender]:
    """Give one sender per push channel: what is configured, the webhook for the rest, else the mailbox folder."""
    from .mailbox import MailboxSender

    rehearsal = MailboxSender(mailbox, clock)
    senders: dict[Channel, Sender] = {"email": rehearsal, "sms": rehearsal, "push": rehearsal}
    if given.smtp_url:
        senders["email"] = _smtp(given, clock)
    if given.webhook_url:
        senders["sms"], senders["push"] = _webhook(given, clock), _webhook(given, clock)
    if given.twilio_account:
        senders["sms"] = _twilio(given, clock)
    if given.fcm_credentials:
        senders["push"] = _fcm(given, given.fcm_credentials, clock)
    return senders


def _smtp(given: ChannelSettings, clock: Clock) -> Sender:
    from .signing import read_dkim_key
    from .smtp import SmtpSender

    key = read_dkim_key(given.dkim_key, given.dkim_domain, given.dkim_selector) if given.dkim_key else None
    return SmtpSender(given.smtp_url, clock, dkim=key)


def _webhook(given: ChannelSettings, clock: Clock) -> Sender:
    """One per channel: each has connections of its own, so that none waits for the other's."""
    from .reach import Reach
    from .webhook import WebhookSender

    reach = Reach(allows_loopback=given.allows_loopback)
    return WebhookSender(given.webhook_url, given.webhook_secret, clock, reach=reach, hosts=given.webhook_hosts)


def _twilio(given: ChannelSettings, clock: Clock) -> Sender:
    from .reach import Reach
    from .twilio import API, TwilioAccount, TwilioSender

    account = TwilioAccount(
        account_sid=given.twilio_account,
        auth_token=given.twilio_token,
        sender=given.twilio_from,
        api=given.twilio_url or API,
    )
    callback = given.public_url + CALLBACK_PATH if given.public_url.startswith("https://") else ""
    if given.allows_loopback:
        callback = given.public_url + CALLBACK_PATH
    return TwilioSender(account, clock, callback_url=callback, reach=Reach(allows_loopback=given.allows_loopback))


def _fcm(given: ChannelSettings, credentials: Path, clock: Clock) -> Sender:
    from .fcm import API, FcmSender, read_service_account
    from .reach import Reach

    return FcmSender(
        read_service_account(credentials),
        clock,
        api=given.fcm_url or API,
        app_scheme=given.app_scheme,
        reach=Reach(allows_loopback=given.allows_loopback),
    )
