"""Sealing what waits in the store: deliveries hold names and addresses, secrets sign webhooks.

AES-256-GCM under a key derived from the installation's. What a text is bound to has to be named again to open it, so
that a sealed text moved to another row opens nothing.
"""

import hmac
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


def seal(key: bytes, bound_to: str, content: bytes) -> bytes:
    """Give the content sealed; the same content is never sealed the same way twice."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + _cipher(key).encrypt(nonce, content, bound_to.encode())


def unseal(key: bytes, bound_to: str, sealed: bytes) -> bytes:
    """Give the content back; raise `cryptography.exceptions.InvalidTag` where one bit or the binding differs."""
    return bytes(_cipher(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to.encode()))


def _cipher(key: bytes) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(hmac.digest(key, b"second-order/sealed@1", "sha256"))
