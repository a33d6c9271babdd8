"""Every channel with a provider behind it that keeps a journal."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from memory.domain.clock import ManualClock
from memory.domain.message import Rendered
from tests.servers.http import FaultServer
from tests.servers.journal import Journal
from tests.servers.mail import mail_server
from tests.servers.providers import ACCOUNT, HOOK_SECRET, NUMBER, TOKEN, Fcm, Hook, Twilio
from tools.channels import Sender
from tools.channels.fcm import FcmSender, ServiceAccount
from tools.channels.mailbox import MailboxSender
from tools.channels.memory import MemorySender
from tools.channels.reach import Reach
from tools.channels.smtp import SmtpSender
from tools.channels.twilio import TwilioAccount, TwilioSender
from tools.channels.webhook import WebhookSender

CLOCK = ManualClock(datetime.now(UTC))  # noqa: TID251


@pytest.fixture(autouse=True)
def _present() -> None:
    """Signatures are checked against the machine's time, and they age."""
    CLOCK.set(datetime.now(UTC))  # noqa: TID251


HERE = Reach(allows_loopback=True)
KINDS = ("memory", "mailbox", "smtp", "webhook", "twilio", "fcm")
OVER_HTTP = ("webhook", "twilio", "fcm")
PHONES = {"refused": "+15505550001", "busy": "+15515550001", "gone": "+15525550001", "zoe": "+15005550009"}


def a_message(key: str = "a" * 40, **changes: Any) -> Rendered:
    fields: dict[str, Any] = {
        "send_key": key,
        "shop_id": "nord",
        "channel": "email",
        "message_class": "promotional",
        "to": "zoe@people.example.invalid",
        "subject": "Grüße 你好",
        "text": "Hallo\nWelt",
        "html": "<p>Hallo</p>",
        "sender": "Nord <hello@nord.example.invalid>",
        "unsubscribe_url": "https://nord.example.invalid/unsubscribe/token",
        "list_id": "<promotional.nord>",
        "link": "https://nord.example.invalid/p/1?utm_source=second-order",
    }
    return Rendered(**{**fields, **changes})


@dataclass
class Rig:
    """A sender and what its provider took."""

    sender: Sender
    n_taken: Callable[[], int]
    server: FaultServer | None = None
    """The HTTP server behind it, where there is one."""
    provider: Any = None

    def to(self, name: str) -> str:
        """Give an address that the provider treats as the name says."""
        return PHONES[name] if self.sender.name == "twilio" else f"{name}@people.example.invalid"

    def message(self, name: str = "zoe", **changes: Any) -> Rendered:
        return a_message(to=self.to(name), **changes)


@pytest.fixture(scope="session")
def rsa_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="session")
def pem(rsa_key: RSAPrivateKey) -> bytes:
    return rsa_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.fixture
def make(tmp_path: Path, rsa_key: RSAPrivateKey, pem: bytes) -> Iterator[Callable[..., Rig]]:
    """Give a function that starts a channel with its provider."""
    with ExitStack() as stack:

        def start(kind: str, *, timeout_seconds: float = 5.0) -> Rig:
            journal = Journal(tmp_path / f"{kind}.journal")
            if kind == "memory":
                memory = MemorySender(CLOCK)
                return Rig(memory, lambda: len(memory.messages))
            if kind == "mailbox":
                return Rig(MailboxSender(tmp_path, CLOCK), lambda: len(list(tmp_path.rglob("*.eml"))))
            if kind == "smtp":
                mails, url = stack.enter_context(mail_server(journal))
                return Rig(
                    SmtpSender(url, CLOCK, timeout_seconds=timeout_seconds), lambda: len(mails.taken), None, mails
                )
            provider: Any
            if kind == "webhook":
                provider = Hook(journal)
            elif kind == "twilio":
                provider = Twilio(journal, CLOCK)
            else:
                provider = Fcm(journal, rsa_key.public_key(), lambda: f"{server.url}/token")
            server = FaultServer(provider)
            stack.callback(server.stop)
            sender = http_sender(kind, server.url, pem, timeout_seconds)
            stack.callback(sender.close)
            return Rig(sender, lambda: len(journal.entries()), server, provider)

        yield start


def http_sender(kind: str, url: str, pem: bytes, timeout_seconds: float, **more: Any) -> Any:
    given: dict[str, Any] = {"timeout_seconds": timeout_seconds, "reach": HERE, **more}
    if kind == "webhook":
        return WebhookSender(url, HOOK_SECRET, CLOCK, **given)
    if kind == "twilio":
        account = TwilioAccount(account_sid=ACCOUNT, auth_token=TOKEN, sender=NUMBER, api=url)
        return TwilioSender(account, CLOCK, callback_url=f"{url}/hooks/{{shop_id}}/{{send_key}}", **given)
    account_file = ServiceAccount(
        project_id="nord-app", client_email="push@nord.invalid", private_key=pem.decode(), token_uri=f"{url}/token"
    )
    return FcmSender(account_file, CLOCK, api=url, **given)


@pytest.fixture(params=KINDS)
def rig(request: pytest.FixtureRequest, make: Callable[..., Rig]) -> Rig:
    return make(request.param)


@pytest.fixture(params=OVER_HTTP)
def http_rig(request: pytest.FixtureRequest, make: Callable[..., Rig]) -> Rig:
    """A channel over HTTP that waits less than a second."""
    return make(request.param, timeout_seconds=0.4)
