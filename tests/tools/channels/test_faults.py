"""A6: every HTTP channel against a provider that misbehaves; what may have arrived is never called a refusal."""

import ssl
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import psutil
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from memory.domain.message import Accepted, Ambiguous, Refused
from tests.servers.http import FAULTS, FaultServer
from tests.tools.channels.conftest import CLOCK, OVER_HTTP, Rig, a_message, http_sender
from tools.channels.smtp import SmtpSender
from tools.channels.waits import LONGEST_SECONDS, wait_seconds

pytestmark = pytest.mark.slow

MAX_RSS_GROWTH = 30 * 2**20
LOST = {"slow_loris", "half_open", "accept_then_drop", "drop"}


@pytest.mark.parametrize("fault", FAULTS)
def test_a6_every_fault_ends_in_time_and_memory_with_an_honest_outcome(http_rig: Rig, fault: str) -> None:
    assert http_rig.server is not None
    http_rig.server.fault = fault
    http_rig.server.only = "messages:send" if http_rig.sender.name == "fcm" else ""
    memory, started = psutil.Process().memory_info().rss, time.monotonic()
    outcome = http_rig.sender.hand_off(http_rig.message())
    assert time.monotonic() - started < 2
    assert psutil.Process().memory_info().rss - memory < MAX_RSS_GROWTH
    if fault.startswith("retry_"):
        assert isinstance(outcome, Refused) and outcome.is_retryable, outcome
        assert outcome.after_seconds is not None
        assert 0 <= outcome.after_seconds <= LONGEST_SECONDS
    elif fault in LOST or fault == "status_500":
        assert isinstance(outcome, Ambiguous), outcome
    elif fault == "moved":
        assert isinstance(outcome, Refused)
        assert not outcome.is_retryable
        assert http_rig.server.n_requests == (2 if http_rig.sender.name == "fcm" else 1)  # sign-in, then one post
    elif fault == "status_503":
        assert isinstance(outcome, Refused if http_rig.sender.kind == "keyed" else Ambiguous)
    elif http_rig.sender.kind == "keyed":  # a 2xx is acceptance there, whatever the body
        assert isinstance(outcome, Accepted), outcome
    else:
        assert isinstance(outcome, Ambiguous), outcome


def test_a6_a_channel_works_again_once_the_provider_does(http_rig: Rig) -> None:
    assert http_rig.server is not None
    http_rig.server.fault, http_rig.server.only = "accept_then_drop", "s" if http_rig.sender.name == "fcm" else ""
    http_rig.sender.hand_off(http_rig.message())
    http_rig.server.fault = ""
    assert isinstance(http_rig.sender.hand_off(http_rig.message(key="b" * 40)), Accepted)


@pytest.mark.parametrize("kind", OVER_HTTP)
def test_a6_a_certificate_nobody_vouches_for_is_a_refusal_before_anything_is_sent(
    kind: str, pem: bytes, rsa_key: RSAPrivateKey, tmp_path: Path, make: Callable[..., Rig]
) -> None:
    provider = make(kind).provider
    server = FaultServer(provider, tls=_own_tls(rsa_key, pem, tmp_path))
    sender = http_sender(kind, server.url, pem, 1.0)
    try:
        outcome = sender.hand_off(a_message(to="+15005550009"))
        assert isinstance(outcome, Refused) and outcome.is_retryable, outcome
        assert not provider.journal.entries()
        trusting = ssl.create_default_context(cafile=str(tmp_path / "own.pem"))
        trusted = http_sender(kind, server.url, pem, 2.0, tls=trusting)
        if kind != "fcm":  # the token's audience is the other server there
            assert isinstance(trusted.hand_off(a_message(to="+15005550009")), Accepted)
        trusted.close()
    finally:
        sender.close()
        server.stop()


def test_a6_a_mail_server_that_hangs_over_the_body_ends_in_time_as_ambiguous(make: Callable[..., Rig]) -> None:
    rig = make("smtp", timeout_seconds=0.4)
    rig.provider.hangs = True
    started = time.monotonic()
    assert isinstance(rig.sender.hand_off(rig.message()), Ambiguous)
    assert time.monotonic() - started < 2


def test_a6_a_mail_server_that_never_greets_is_cut_off(make: Callable[..., Rig]) -> None:
    dripping = FaultServer(make("webhook").provider)  # never greets: it waits for a request
    started = time.monotonic()
    outcome = SmtpSender(f"smtp://127.0.0.1:{dripping.port}", CLOCK, timeout_seconds=0.4).hand_off(a_message())
    dripping.stop()
    assert isinstance(outcome, Refused) and outcome.is_retryable
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("7", 7),
        ("-5", 0),
        ("315360000", 3600),
        ("9" * 40, None),
        ("soon", None),
        ("1.5", None),
        ("Thu, 15 Jan 2026 12:00:30 GMT", 30),
        ("Thu, 15 Jan 2026 11:00:00 GMT", 0),
        ("Thu, 15 Jan 2036 12:00:00 GMT", 3600),
        ("Thu, 99 Jan 2026 12:00:00 GMT", None),
    ],
)
def test_a6_a_wait_is_never_negative_and_never_longer_than_an_hour(header: str | None, seconds: int | None) -> None:
    now = datetime(2026, 1, 15, 13, tzinfo=timezone(timedelta(hours=1)))
    assert wait_seconds(header, now) == seconds


def _own_tls(key: RSAPrivateKey, pem: bytes, folder: Path) -> ssl.SSLContext:
    from ipaddress import ip_address

    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "here")])
    now = CLOCK.now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    (folder / "own.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / "own.key").write_bytes(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "own.pem", folder / "own.key")
    return context
