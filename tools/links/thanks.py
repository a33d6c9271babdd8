"""Signed links to the block of one order: nobody reads it by the order's number alone, and none expires."""

import base64
import hashlib
import hmac

from memory.domain.base import Frozen

from .unsubscribe import InvalidToken

PATH = "/thanks/"
"""Where the block stands; the token follows."""
_MAC_BYTES = 16
_PURPOSE = b"second-order/thanks@1"


class OrderPage(Frozen):
    """Whose block a link opens."""

    shop_id: str
    """The shop."""
    order_ref: str
    """The shop's own order name."""


def thanks_token(key: bytes, shop_id: str, order_ref: str) -> str:
    """Give the URL-safe token of an order's block."""
    body = "\x1f".join((shop_id, order_ref)).encode()
    return base64.urlsafe_b64encode(_mac(key, body) + body).decode().rstrip("=")


def thanks_url(base_url: str, key: bytes, shop_id: str, order_ref: str) -> str:
    """Give the address of an order's block."""
    return base_url.rstrip("/") + PATH + thanks_token(key, shop_id, order_ref)


def read_thanks(key: bytes, text: str) -> OrderPage:
    """Give whose block a token opens; raise `InvalidToken` for a forged, cut or foreign one."""
    try:
        raw = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not hmac.compare_digest(mac, _mac(key, body)):
            raise InvalidToken()
        shop_id, order_ref = body.decode().split("\x1f")
        return OrderPage(shop_id=shop_id, order_ref=order_ref)
    except ValueError:
        raise InvalidToken() from None


def _mac(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, _PURPOSE + b"\x1f" + body, hashlib.sha256)[:_MAC_BYTES]
