"""Building a mail: multipart, one-click unsubscribe, no header that text could break out of.

Written out by hand because `email.message` takes some ten times as long; tests read every mail back with it.
"""

from binascii import b2a_qp
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr, parseaddr
from functools import lru_cache

from memory.domain.message import Rendered


def mail_bytes(message: Rendered, at: datetime) -> bytes:
    """Give the mail of a rendered message as bytes; raise `ValueError` where a header holds a line break.

    Promotional and service mails carry RFC 8058 one-click headers and a List-Id.
    """
    headers = [
        ("From", _address(message.sender)),
        ("To" if message.channel == "email" else "X-Second-Order-To", _words(message.to)),
        ("Subject", _words(message.subject)),
        ("Date", format_datetime(at)),
        ("Message-ID", f"<{message.send_key}@{_host(message.sender)}>"),
        ("Content-Language", message.language),
        ("MIME-Version", "1.0"),
    ]
    if message.unsubscribe_url:
        headers.append(("List-Unsubscribe", f"<{message.unsubscribe_url}>"))
        headers.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    if message.list_id:
        headers.append(("List-Id", message.list_id))
    return _head(headers) + _body(message)


def _body(message: Rendered) -> bytes:
    if not message.html:
        return _part("plain", message.text)
    boundary = f"=_{message.send_key}"  # quoted-printable never holds "=_"
    line = f"--{boundary}".encode()
    parts = (_part("plain", message.text), _part("html", message.html))
    inside = b"".join(line + b"\r\n" + part + b"\r\n" for part in parts)
    return (
        _head([("Content-Type", f'multipart/alternative; boundary="{boundary}"')]) + b"\r\n" + inside + line + b"--\r\n"
    )


def _part(subtype: str, text: str) -> bytes:
    lines = text.replace("\r\n", "\n").replace("\n", "\r\n").encode()
    head = [("Content-Type", f"text/{subtype}; charset=utf-8"), ("Content-Transfer-Encoding", "quoted-printable")]
    return _head(head) + b"\r\n" + b2a_qp(lines, istext=True)


def _head(headers: list[tuple[str, str]]) -> bytes:
    for name, value in headers:
        if "\r" in value or "\n" in value.replace("\n ", ""):
            raise ValueError(f"the {name} header holds a line break")
    return "".join(f"{name}: {value}\r\n".replace("\n ", "\r\n ") for name, value in headers).encode("ascii")


def _words(text: str) -> str:
    """Give header text as ASCII; encoded words where it needs them."""
    if "\r" in text or "\n" in text:
        raise ValueError("a header holds a line break")
    return text if text.isascii() else _encoded(text)


@lru_cache(maxsize=256)
def _encoded(text: str) -> str:
    """Subjects repeat."""
    return Header(text, "utf-8").encode()


@lru_cache(maxsize=64)
def _address(sender: str) -> str:
    if "\r" in sender or "\n" in sender:
        raise ValueError("the From header holds a line break")
    return formataddr(parseaddr(sender))


def _host(address: str) -> str:
    return address.rpartition("@")[2].rstrip(">") or "localhost"
