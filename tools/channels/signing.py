"""DKIM (RFC 6376): mails are signed with the shop's key, the one-click headers under the signature (RFC 8058)."""

from pathlib import Path

from memory.domain.base import Frozen
from memory.domain.errors import InvalidInput

SIGNED = (
    "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Language",
    "List-Unsubscribe", "List-Unsubscribe-Post", "List-Id",
)  # fmt: skip
"""Headers under the signature, where a mail has them."""


class DkimKey(Frozen):
    """With what a domain's mails are signed. Holds a secret: never logged."""

    domain: str
    """The signing domain; it must be the From address' own for DMARC to be content."""
    selector: str
    """Under which name the public key stands in DNS."""
    private_key: bytes
    """PEM of the RSA key."""


def read_dkim_key(path: Path, domain: str, selector: str) -> DkimKey:
    """Read the key; raise `InvalidInput` where it is none."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    remedy = "Name a PEM file with an RSA key of 2048 bits."
    try:
        pem = path.read_bytes()
        key = load_pem_private_key(pem, password=None)
    except (OSError, ValueError, TypeError) as problem:
        why = getattr(problem, "strerror", None) or "it is no private key"
        raise InvalidInput(what="SECONDORDER_DKIM_KEY", why=why, remedy=remedy) from None
    if not isinstance(key, RSAPrivateKey) or key.key_size < 1024:
        raise InvalidInput(what="SECONDORDER_DKIM_KEY", why="it is no RSA key of 1024 bits or more", remedy=remedy)
    return DkimKey(domain=domain, selector=selector, private_key=pem)


def signed(mail: bytes, key: DkimKey) -> bytes:
    """Give the mail with its signature in front. From is listed twice, so that a second one cannot be added."""
    import dkim

    present = {
        line.partition(b":")[0].lower().decode("latin-1") for line in mail.partition(b"\r\n\r\n")[0].split(b"\r\n")
    }
    names = [name.lower().encode() for name in SIGNED if name.lower() in present]
    header: bytes = dkim.DKIM(mail).sign(
        key.selector.encode(),
        key.domain.encode(),
        key.private_key,
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=[b"from", *names],
    )
    return header + mail
