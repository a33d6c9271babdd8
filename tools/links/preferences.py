"""Signed links to a person's own pages: the preference centre and the second opt-in. No cookie, no account.

Each purpose has its own MAC, so that a link for one never opens the other. The preference centre's link does not
expire: an opt-out has to work for at least 30 days after a mail (CAN-SPAM), and a wish is never too late.
"""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Literal

from memory.domain.base import Frozen
from memory.domain.market import Channel

from .unsubscribe import InvalidToken

PATH = "/preferences/"
"""Where the preference centre stands; the token follows."""
CONFIRM_PATH = "/confirm/"
"""Where the second opt-in stands; the token follows."""
CONFIRM_DAYS = 7
"""How long a request for the second opt-in may be confirmed."""
_MAC_BYTES = 16
Purpose = Literal["preferences", "confirm"]


class OwnPage(Frozen):
    """Whose page a link opens."""

    shop_id: str
    """The shop."""
    person_id: str
    """The person's pseudonym."""
    channel: Channel
    """The channel the link came by, or the one to confirm."""
    extra: str = ""
    """The message that carried the link; for a second opt-in, until when it may be confirmed (epoch seconds)."""


def preferences_url(
    base_url: str, key: bytes, shop_id: str, person_id: str, channel: Channel, send_key: str = ""
) -> str:
    """Give the address of a person's preference centre."""
    page = OwnPage(shop_id=shop_id, person_id=person_id, channel=channel, extra=send_key)
    return base_url.rstrip("/") + PATH + page_token(key, "preferences", page)


def confirm_url(base_url: str, key: bytes, shop_id: str, person_id: str, channel: Channel, asked_at: datetime) -> str:
    """Give the address at which a person confirms that they asked for a channel's messages."""
    until = int((asked_at + timedelta(days=CONFIRM_DAYS)).timestamp())
    page = OwnPage(shop_id=shop_id, person_id=person_id, channel=channel, extra=str(until))
    return base_url.rstrip("/") + CONFIRM_PATH + page_token(key, "confirm", page)


def page_token(key: bytes, purpose: Purpose, page: OwnPage) -> str:
    """Give the URL-safe token of a page."""
    body = "\x1f".join((page.shop_id, page.person_id, page.channel, page.extra)).encode()
    return base64.urlsafe_b64encode(_mac(key, purpose, body) + body).decode().rstrip("=")


def read_page(key: bytes, purpose: Purpose, text: str) -> OwnPage:
    """Give whose page a token opens; raise `InvalidToken` for a forged, cut or foreign one."""
    try:
        raw = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not hmac.compare_digest(mac, _mac(key, purpose, body)):
            raise InvalidToken()
        shop_id, person_id, channel, extra = body.decode().split("\x1f")
        return OwnPage.model_validate({"shop_id": shop_id, "person_id": person_id, "channel": channel, "extra": extra})
    except ValueError:
        raise InvalidToken() from None


def confirmable_until(page: OwnPage) -> datetime:
    """Give until when a second opt-in may be confirmed."""
    return datetime.fromtimestamp(int(page.extra), UTC)


def _mac(key: bytes, purpose: Purpose, body: bytes) -> bytes:
    return hmac.digest(key, f"second-order/{purpose}@1\x1f".encode() + body, hashlib.sha256)[:_MAC_BYTES]
