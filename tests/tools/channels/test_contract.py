"""One contract for every channel: the in-memory double keeps the promises of the real ones."""

import socket
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from memory.domain.message import Accepted, Ambiguous, Refused
from tests.tools.channels.conftest import CLOCK, HERE, OVER_HTTP, Rig, a_message, http_sender
from tools.channels.mailbox import MailboxSender
from tools.channels.sender import Queryable
from tools.channels.smtp import SmtpSender


def test_a_message_is_taken_once_and_answered_with_a_receipt(rig: Rig) -> None:
    outcome = rig.sender.hand_off(rig.message())
    assert isinstance(outcome, Accepted), outcome
    assert outcome.receipt
    assert rig.n_taken() == 1


def test_i1_a_keyed_provider_takes_the_same_key_once(rig: Rig) -> None:
    if rig.sender.kind != "keyed":
        assert rig.sender.is_live
        assert rig.sender.key_life == timedelta(0)
        return
    assert isinstance(rig.sender.hand_off(rig.message()), Accepted)
    assert isinstance(rig.sender.hand_off(rig.message()), Accepted)
    assert rig.n_taken() == 1


def test_a2_a_queryable_provider_can_be_asked_and_others_do_not_pretend(rig: Rig) -> None:
    assert isinstance(rig.sender, Queryable) is (rig.sender.kind == "queryable")


def test_a2_a_lost_answer_is_ambiguous_and_never_called_a_refusal(rig: Rig) -> None:
    if not rig.sender.is_live:
        assert rig.server is None
        return
    if rig.server:
        rig.server.fault, rig.server.only = "accept_then_drop", "" if rig.sender.name != "fcm" else "messages:send"
    outcome = rig.sender.hand_off(rig.message() if rig.server else rig.message("lost"))
    assert isinstance(outcome, Ambiguous), outcome
    assert rig.n_taken() == 1


@pytest.mark.parametrize(("name", "is_retryable"), [("refused", False), ("busy", True)])
def test_a3_a_refusal_says_whether_trying_again_can_help(rig: Rig, name: str, is_retryable: bool) -> None:
    outcome = rig.sender.hand_off(rig.message(name))
    if not rig.sender.is_live:
        assert isinstance(outcome, Accepted)
        return
    assert isinstance(outcome, Refused), outcome
    assert outcome.is_retryable is is_retryable
    assert rig.n_taken() == 0


def test_an_address_that_is_gone_ends_and_one_refused_for_another_reason_stays(rig: Rig) -> None:
    if rig.sender.name not in ("smtp", "twilio", "fcm"):
        assert rig.sender.kind == "keyed"
        return
    gone, refused = rig.sender.hand_off(rig.message("gone")), rig.sender.hand_off(rig.message("refused"))
    assert isinstance(gone, Refused) and isinstance(refused, Refused)
    assert gone.ends_address == ("unsubscribed" if rig.sender.name == "twilio" else "hard_bounce")
    assert not gone.is_retryable
    assert refused.ends_address == ("hard_bounce" if rig.sender.name == "twilio" else None)


@pytest.mark.parametrize("field", ["subject", "sender", "to"])
def test_c8_a_line_break_in_a_header_is_refused(rig: Rig, field: str) -> None:
    if rig.sender.name not in ("mailbox", "smtp"):
        return
    outcome = rig.sender.hand_off(a_message(**{field: "x@example.invalid\r\nBcc: all@example.invalid"}))
    assert isinstance(outcome, Refused)
    assert not outcome.is_retryable
    assert rig.n_taken() == 0


@pytest.mark.parametrize("kind", ["smtp", *OVER_HTTP])
def test_nobody_listens_is_a_refusal_that_can_be_retried(kind: str, pem: bytes) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    sender: Any = (
        SmtpSender(f"smtp://127.0.0.1:{port}", CLOCK)
        if kind == "smtp"
        else http_sender(kind, f"http://127.0.0.1:{port}", pem, 2.0, reach=HERE)
    )
    outcome = sender.hand_off(a_message(to="+15005550009"))
    assert isinstance(outcome, Refused)
    assert outcome.is_retryable
    if kind != "smtp":
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
