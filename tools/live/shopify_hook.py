"""Shopify's webhooks: who sent it is what the signature says, never what the body or an address says.

`X-Shopify-Hmac-Sha256` is the base64 HMAC-SHA-256 of the raw body under the app's secret. Shopify signs no time, so a
replay cannot be told by its age: it changes nothing because deliveries, objects and facts are idempotent.
"""

import base64
import binascii
import hmac
import re
from collections.abc import Mapping
from datetime import datetime

from memory.domain.errors import SecondOrderError
from memory.store.unit_of_work import UnitOfWork
from memory.store.webhook_secrets import FormerlySealed, WebhookSecretRow

from .accept import Accepted, accept
from .sealing import unseal

SOURCE = "shopify"
DOMAIN = re.compile(r"^[a-z0-9][a-z0-9.-]{0,250}[a-z0-9]$")


class NotTrusted(SecondOrderError):
    """The webhook's signature fits no secret of its shop; check the secret with `secondorder intake connect`."""

    http_status = 401


def signer(uow: UnitOfWork, key: bytes, headers: Mapping[str, str], body: bytes) -> str:
    """Give the shop that signed the webhook; raise `NotTrusted`, alike for unknown shops and wrong signatures.

    `headers` are looked up in lower case. Any secret of the domain that was not retired may have signed.
    """
    domain = domain_of(headers.get("x-shopify-shop-domain", ""))
    given = _digest(headers.get("x-shopify-hmac-sha256", ""))
    shop_id = ""
    for row in uow.webhook_secrets.valid(domain) if domain else ():
        secret = uow.webhook_secrets.text_of(row, formerly_sealed(key))
        if hmac.compare_digest(hmac.digest(secret.encode(), body, "sha256"), given):
            shop_id = row.shop_id
    if not shop_id:
        raise NotTrusted()
    return shop_id


def accept_webhook(
    uow: UnitOfWork, key: bytes, shop_id: str, headers: Mapping[str, str], body: bytes, at: datetime
) -> Accepted:
    """Keep a webhook whose signer is known, in the caller's transaction."""
    sender_id = headers.get("x-shopify-webhook-id") or headers.get("x-shopify-event-id") or ""
    topic = headers.get("x-shopify-topic", "")[:100]
    return accept(uow, key, shop_id, SOURCE, topic, f"{topic}:{sender_id}", body, at=at)


def domain_of(text: str) -> str:
    """Give a shop's domain in lower case; empty for anything that is none."""
    written = text.strip().lower().removeprefix("https://").rstrip("/")
    return written if DOMAIN.match(written) else ""


def formerly_sealed(key: bytes) -> FormerlySealed:
    """Give what opens secrets that were kept before the vault took them in: sealed under the installation's key."""

    def text_of(row: WebhookSecretRow) -> str:
        return unseal(key, secret_binding(row.shop_id, row.domain), row.secret).decode()

    return text_of


def secret_binding(shop_id: str, domain: str) -> str:
    """Give what a secret was sealed to before the vault took it in."""
    return "\x1f".join(("webhook secret", shop_id, domain))


def _digest(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
