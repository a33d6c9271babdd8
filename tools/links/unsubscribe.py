"""Unsubscribe links: an unguessable token scoped to shop, person and channel; no cookie, no lookup, no expiry."""

import base64
import hashlib
import hmac

from memory.domain.base import Frozen
from memory.domain.errors import SecondOrderError
from memory.domain.market import Channel

PATH = "/unsubscribe/"
"""Where the public endpoint stands; the token follows."""
_MAC_BYTES = 16
_PURPOSE = b"second-order/unsubscribe@1"


class InvalidToken(SecondOrderError):
    """The unsubscribe link is not valid; use the link of the last mail, or answer it to be taken off the list."""

    http_status = 404


class Unsubscription(Frozen):
    """What a token permits to take back."""

    shop_id: str
    """The shop."""
    person_id: str
    """The person's pseudonym."""
    channel: Channel
    """The channel."""
    send_key: str = ""
    """The message that carried the link, where there was one (S2-65)."""


def token(key: bytes, shop_id: str, person_id: str, channel: Channel, send_key: str = "") -> str:
    """Give the token of a person on a channel of a shop (URL-safe); `send_key` names the message it stands in."""
    body = "\x1f".join((shop_id, person_id, channel, *([send_key] if send_key else []))).encode()
    return base64.urlsafe_b64encode(_mac(key, body) + body).decode().rstrip("=")


def read_token(key: bytes, text: str) -> Unsubscription:
    """Give what a token permits; raise `InvalidToken` for a forged, cut or foreign one."""
    try:
        raw = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not hmac.compare_digest(mac, _mac(key, body)):
            raise InvalidToken()
        parts = dict(zip(Unsubscription.model_fields, body.decode().split("\x1f"), strict=False))
        return Unsubscription.model_validate(parts)
    except ValueError:
        raise InvalidToken() from None


def unsubscribe_url(
    base_url: str, key: bytes, shop_id: str, person_id: str, channel: Channel, send_key: str = ""
) -> str:
    """Give the one-click address for a person on a channel of a shop."""
    return base_url.rstrip("/") + PATH + token(key, shop_id, person_id, channel, send_key)


def _mac(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, _PURPOSE + b"\x1f" + body, hashlib.sha256)[:_MAC_BYTES]
