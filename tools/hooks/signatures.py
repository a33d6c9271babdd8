"""Signatures of inbound calls: Twilio's over address and form, Standard Webhooks' over id, time and body.

Everything is compared in constant time; a wrong or stale signature is one answer, whatever was wrong about it.
"""

import base64
import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

TOLERANCE = timedelta(minutes=5)
"""How old or how far in the future a signed call may be (standardwebhooks.com)."""
MAX_SIGNATURES = 10


def is_from_twilio(auth_token: str, url: str, form: Sequence[tuple[str, str]], signature: str) -> bool:
    """Say whether the account's token signed this form for this address (twilio.com/docs/usage/security)."""
    signed = url + "".join(name + value for name, value in sorted(set(form)))
    wanted = base64.b64encode(hmac.digest(auth_token.encode(), signed.encode(), "sha1"))
    return bool(auth_token) and hmac.compare_digest(wanted, signature.encode("utf-8", "replace"))


def is_from_provider(secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Say whether one of the secrets signed this body within the tolerance; several of either allow rotation."""
    event_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not event_id or len(event_id) > 200 or not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12:
        return False
    if abs(datetime.fromtimestamp(int(stamp), UTC) - now) > TOLERANCE:
        return False
    given = [part.partition(",")[2] for part in headers.get("webhook-signature", "").split(" ") if part[:3] == "v1,"]
    is_good = False
    for secret in secrets:
        wanted = _signature(secret, f"{event_id}.{stamp}.".encode() + body)
        for signature in given[:MAX_SIGNATURES]:
            is_good |= hmac.compare_digest(wanted, signature.encode("utf-8", "replace"))
    return is_good


def _signature(secret: str, signed: bytes) -> bytes:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return base64.b64encode(hmac.digest(key, signed, "sha256"))
