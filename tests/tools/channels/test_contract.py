"""One contract for every channel: the in-memory double keeps the promises of the real ones."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import socket
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from memory.domain.clock import ManualClock
from memory.domain.message import Accepted, Ambiguous, Refused, Rendered
from tools.channels import Sender
from tools.channels.mailbox import MailboxSender
from tools.channels.memory import MemorySender
from tools.channels.smtp import SmtpSender
from tools.channels.webhook import WebhookSender

CLOCK = ManualClock(datetime.now(UTC))  # noqa: TID251  signatures are checked against the machine's time
SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
KINDS = ("memory", "mailbox", "smtp", "webhook")


def a_message(key: str = "a" * 40, **changes: Any) -> Rendered:
    fields: dict[str, Any] = {
        "send_key": key,
        "channel": "email",
        "message_class": "promotional",
        "to": "zoe@people.example.invalid",
        "subject": "Grüße 你好",
        "text": "Hallo\nWelt",
        "html": "<p>Hallo</p>",
        "sender": "Nord <hello@nord.example.invalid>",
        "unsubscribe_url": "https://nord.example.invalid/unsubscribe/token",
        "list_id": "<promotional.nord>",
    }
    return Rendered(**{**fields, **changes})


class Mails:
    """An SMTP server that keeps what it gets; a recipient's name decides how it misbehaves."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address.startswith("refused"):
            return "550 no such person"
        if address.startswith("busy"):
            return "451 try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append(envelope.content)
        if envelope.rcpt_tos[0].startswith("lost"):
            server.transport.abort()
        return "250 taken"


class Hook(BaseHTTPRequestHandler):
    """A receiver that verifies signatures and keeps bodies by key; a recipient's name decides how it misbehaves."""

    taken: dict[str, bytes] = {}

    def do_POST(self) -> None:
        from standardwebhooks import Webhook

        body = self.rfile.read(int(self.headers["content-length"]))
        Webhook(SECRET).verify(body, dict(self.headers))
        to = json.loads(body)["to"]
        status = 550 if to.startswith("refused") else 429 if to.startswith("busy") else 200
        if to.startswith("moved"):
            status = 301
        if status == 200:
            self.taken.setdefault(self.headers["idempotency-key"], body)
        if to.startswith("lost"):
            self.connection.close()
            return
        self.send_response(400 if status == 550 else status)
        self.send_header("location", "http://127.0.0.1:1/")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@dataclass
class Rig:
    """A sender and what its provider took, by count."""

    sender: Sender
    n_taken: Callable[[], int]


@pytest.fixture(params=KINDS)
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    kind: str = request.param
    if kind == "memory":
        memory = MemorySender(CLOCK)
        yield Rig(memory, lambda: len(memory.messages))
    elif kind == "mailbox":
        yield Rig(MailboxSender(tmp_path, CLOCK), lambda: len(list(tmp_path.rglob("*.eml"))))
    elif kind == "smtp":
        mails = Mails()
        with socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = Controller(mails, hostname="127.0.0.1", port=port, ready_timeout=20)
        server.start()
        yield Rig(SmtpSender(f"smtp://127.0.0.1:{port}", CLOCK, timeout_seconds=5), lambda: len(mails.taken))
        server.stop()
    else:
        Hook.taken = {}
        http = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
        Thread(target=http.serve_forever, daemon=True).start()
        sender = WebhookSender(f"http://127.0.0.1:{http.server_port}/", SECRET, CLOCK, timeout_seconds=5)
        yield Rig(sender, lambda: len(Hook.taken))
        sender.close()
        http.shutdown()
        http.server_close()


def test_a_message_is_taken_once_and_answered_with_a_receipt(rig: Rig) -> None:
    outcome = rig.sender.hand_off(a_message())
    assert isinstance(outcome, Accepted), outcome
    assert outcome.receipt
    assert rig.n_taken() == 1


def test_i1_a_keyed_provider_takes_the_same_key_once(rig: Rig) -> None:
    if rig.sender.kind == "blind":
        assert rig.sender.is_live
        return
    assert isinstance(rig.sender.hand_off(a_message()), Accepted)
    assert isinstance(rig.sender.hand_off(a_message()), Accepted)
    assert rig.n_taken() == 1


def test_a2_a_lost_answer_is_ambiguous_and_never_called_a_refusal(rig: Rig) -> None:
    if rig.sender.name not in ("smtp", "webhook"):
        assert not rig.sender.is_live
        return
    outcome = rig.sender.hand_off(a_message(to="lost@people.example.invalid"))
    assert isinstance(outcome, Ambiguous), outcome
    assert rig.n_taken() == 1


@pytest.mark.parametrize(("name", "is_retryable"), [("refused", False), ("busy", True)])
def test_a3_a_refusal_says_whether_trying_again_can_help(rig: Rig, name: str, is_retryable: bool) -> None:
    if not rig.sender.is_live:
        assert isinstance(rig.sender.hand_off(a_message(to=f"{name}@people.example.invalid")), Accepted)
        return
    outcome = rig.sender.hand_off(a_message(to=f"{name}@people.example.invalid"))
    assert isinstance(outcome, Refused), outcome
    assert outcome.is_retryable is is_retryable
    assert rig.n_taken() == 0


def test_a6_no_redirect_is_followed(rig: Rig) -> None:
    if rig.sender.name != "webhook":
        return
    outcome = rig.sender.hand_off(a_message(to="moved@people.example.invalid"))
    assert isinstance(outcome, Refused)
    assert outcome.reason == "http 301"


@pytest.mark.parametrize("field", ["subject", "sender", "to"])
def test_c8_a_line_break_in_a_header_is_refused(rig: Rig, field: str) -> None:
    if rig.sender.name not in ("mailbox", "smtp"):
        return
    outcome = rig.sender.hand_off(a_message(**{field: "x@example.invalid\r\nBcc: all@example.invalid"}))
    assert isinstance(outcome, Refused)
    assert not outcome.is_retryable
    assert rig.n_taken() == 0


def test_nobody_listens_is_a_refusal_that_can_be_retried() -> None:
    for sender in (SmtpSender("smtp://127.0.0.1:9", CLOCK), WebhookSender("http://127.0.0.1:9/", SECRET, CLOCK)):
        outcome = sender.hand_off(a_message())
        assert isinstance(outcome, Refused)
        assert outcome.is_retryable
        if isinstance(sender, WebhookSender):
            sender.close()


def test_d7_mails_carry_one_click_headers_both_parts_and_their_text(tmp_path: Path) -> None:
    sender = MailboxSender(tmp_path, CLOCK)
    sender.hand_off(a_message())
    mail = message_from_bytes(sender.path("a" * 40).read_bytes(), policy=policy.default)
    assert mail["List-Unsubscribe"] == "<https://nord.example.invalid/unsubscribe/token>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Id"] == "<promotional.nord>"
    assert mail["Subject"] == "Grüße 你好"
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
