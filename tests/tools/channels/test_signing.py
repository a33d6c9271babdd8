"""DKIM: mails that arrive verify with dkimpy, and the one-click headers are under the signature (RFC 8058)."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from memory.domain.errors import InvalidInput
from memory.domain.message import Accepted
from tests.servers.journal import Journal
from tests.servers.mail import Mails, mail_server
from tests.tools.channels.conftest import CLOCK, a_message
from tools.channels.signing import DkimKey, read_dkim_key
from tools.channels.smtp import SmtpSender

DOMAIN, SELECTOR = "nord.example.invalid", "so1"


@pytest.fixture
def arrived(tmp_path: Path, pem: bytes) -> Iterator[Mails]:
    key = DkimKey(domain=DOMAIN, selector=SELECTOR, private_key=pem)
    with mail_server(Journal(tmp_path / "journal")) as (mails, url):
        sender = SmtpSender(url, CLOCK, dkim=key)
        for message in (a_message(), a_message(text="ends in dots\n.\n..\n\n", html=""), a_message(subject="plain")):
            assert isinstance(sender.hand_off(message), Accepted)
        yield mails


def verifies(mail: bytes, key: RSAPrivateKey) -> bool:
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)
    records = {f"{SELECTOR}._domainkey.{DOMAIN}.".encode(): record}
    try:
        return bool(dkim.DKIM(mail).verify(dnsfunc=lambda name, timeout=5: records.get(name)))
    except dkim.DKIMException:
        return False


def test_d7_mails_verify_after_their_way(arrived: Mails, rsa_key: RSAPrivateKey) -> None:
    assert len(arrived.taken) == 3
    assert all(verifies(mail, rsa_key) for mail in arrived.taken)


def test_d7_the_one_click_headers_are_signed(arrived: Mails) -> None:
    header = arrived.taken[0].partition(b"\r\n\r\n")[0]
    names = re.search(rb"h=([^;]+);", header.replace(b"\r\n ", b"").replace(b"\r\n\t", b""))
    assert names
    signed = [name.strip().lower() for name in names[1].split(b":")]
    assert {b"list-unsubscribe", b"list-unsubscribe-post", b"from", b"subject", b"to", b"date"} <= set(signed)
    assert signed.count(b"from") == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"List-Unsubscribe=One-Click", b"List-Unsubscribe=Two-Click"),
        (b"/unsubscribe/token", b"/unsubscribe/other"),
        (b"Hallo", b"Hullo"),
        (b"From: Nord", b"From: Evil <x@evil.invalid>\r\nFrom: Nord"),
    ],
)
def test_d7_a_change_on_the_way_breaks_the_signature(
    arrived: Mails, rsa_key: RSAPrivateKey, old: bytes, new: bytes
) -> None:
    mail = arrived.taken[0]
    assert old in mail
    assert not verifies(mail.replace(old, new), rsa_key)


def test_a_file_that_is_no_key_is_named(tmp_path: Path, pem: bytes) -> None:
    (tmp_path / "key.pem").write_bytes(pem)
    assert read_dkim_key(tmp_path / "key.pem", DOMAIN, SELECTOR).private_key == pem
    (tmp_path / "bad.pem").write_text("no key")
    for name in ("bad.pem", "none.pem"):
        with pytest.raises(InvalidInput, match="DKIM_KEY"):
            read_dkim_key(tmp_path / name, DOMAIN, SELECTOR)
