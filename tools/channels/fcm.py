"""App push over the FCM HTTP v1 contract: blind, because it knows no idempotency key and cannot be asked.

Built from Firebase's documented contract (docs/channels.md names the pages) and verified against a local server that
speaks it; the live service was never called. A collapse key lets a phone show a repeated message once, no more.
"""

import json
import ssl
import threading
import time
from base64 import urlsafe_b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from pydantic import ConfigDict, ValidationError

from memory.domain.base import Frozen
from memory.domain.clock import Clock
from memory.domain.errors import InvalidInput
from memory.domain.message import Accepted, Ambiguous, HandOff, ProviderKind, Refused, Rendered

from .reach import Reach
from .waits import wait_seconds
from .wire import Answer, NoAnswer, Wire

API = "https://fcm.googleapis.com"
SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
TOKEN_SECONDS = 3600
MAX_TITLE, MAX_BODY = 200, 1_800
"""FCM takes 4096 bytes in all; three bytes a character leave room for the rest."""


class ServiceAccount(Frozen):
    """The service account file that Firebase gives out. Holds a secret: never logged."""

    model_config = ConfigDict(extra="ignore")

    project_id: str
    """The Firebase project."""
    client_email: str
    """Who signs."""
    private_key: str
    """PEM of the RSA key."""
    private_key_id: str = ""
    """Which key it is."""
    token_uri: str = "https://oauth2.googleapis.com/token"  # noqa: S105  an address
    """Where the signed claim becomes an access token."""


def read_service_account(path: Path) -> ServiceAccount:
    """Read the file; raise `InvalidInput` where it is none."""
    try:
        return ServiceAccount.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as problem:
        why = problem.strerror or "it cannot be read" if isinstance(problem, OSError) else "it is no service account"
        raise InvalidInput(
            what="SECONDORDER_FCM_CREDENTIALS", why=why, remedy="Name the JSON file of a Firebase service account."
        ) from None


class FcmSender:
    """Posts one push at a time with a short-lived access token."""

    name = "fcm"
    kind: ProviderKind = "blind"
    is_live = True
    key_life: timedelta | None = timedelta(0)

    def __init__(
        self,
        account: ServiceAccount,
        clock: Clock,
        *,
        api: str = API,
        app_scheme: str = "",
        timeout_seconds: float = 10.0,
        reach: Reach | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Post as `account`. `app_scheme` is the app's own scheme; without it apps open the shop's https address."""
        self._account, self._clock, self._scheme = account, clock, app_scheme
        self._url = f"{api.rstrip('/')}/v1/projects/{account.project_id}/messages:send"
        self._wire = Wire(reach or Reach(), total_seconds=timeout_seconds, tls=tls)
        self._lock = threading.Lock()
        self._token, self._ends = "", 0.0

    def hand_off(self, message: Rendered) -> HandOff:
        """Post; a token that is gone ends the address, and only a message name in a 2xx is accepted."""
        body = json.dumps({"message": push_of(message, self._scheme)}, ensure_ascii=False).encode()
        for is_last in (False, True):
            token = self._access(is_fresh=is_last)
            if isinstance(token, Refused):
                return token
            headers = {"authorization": f"Bearer {token}", "content-type": "application/json; charset=utf-8"}
            answer = self._wire.post(self._url, body, headers)
            if isinstance(answer, NoAnswer):
                if answer.may_have_arrived:
                    return Ambiguous(reason=answer.reason)
                return Refused(reason=answer.reason, is_retryable=answer.is_retryable, is_outage=True)
            if answer.status != 401:  # an access token may be withdrawn before its time: ask for another one once
                return self._judge(answer)
        return Refused(reason="account: http 401", is_retryable=True, is_outage=True)

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def _access(self, *, is_fresh: bool) -> str | Refused:
        with self._lock:
            if is_fresh or not self._token or time.monotonic() > self._ends:
                form = {"grant_type": GRANT, "assertion": self._assertion()}
                answer = self._wire.post(
                    self._account.token_uri,
                    urlencode(form).encode(),
                    {"content-type": "application/x-www-form-urlencoded"},
                )
                if isinstance(answer, NoAnswer):
                    return Refused(reason=f"sign-in: {answer.reason}", is_retryable=True, is_outage=True)
                said = _json(answer)
                token, seconds = said.get("access_token"), said.get("expires_in", TOKEN_SECONDS)
                if answer.status != 200 or not isinstance(token, str) or not token.isascii() or not token.isprintable():
                    return Refused(reason=f"sign-in: http {answer.status}", is_retryable=True, is_outage=True)
                lasts = min(max(seconds, 0), TOKEN_SECONDS) if isinstance(seconds, int) else TOKEN_SECONDS
                self._token, self._ends = token, time.monotonic() + lasts * 0.9
            return self._token

    def _assertion(self) -> str:
        """Give the signed claim (RFC 7523)."""
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        key = load_pem_private_key(self._account.private_key.encode(), password=None)
        if not isinstance(key, RSAPrivateKey):
            raise InvalidInput(what="the service account", why="its key is no RSA key", remedy="Download it again.")
        now = int(self._clock.now().timestamp())
        head = {"alg": "RS256", "typ": "JWT", "kid": self._account.private_key_id}
        claim = {
            "iss": self._account.client_email,
            "scope": SCOPE,
            "aud": self._account.token_uri,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
        }
        signed = ".".join(_encoded(json.dumps(part).encode()) for part in (head, claim))
        return f"{signed}.{_encoded(key.sign(signed.encode(), PKCS1v15(), SHA256()))}"

    def _judge(self, answer: Answer) -> HandOff:
        status, now, said = answer.status, self._clock.now(), _json(answer)
        name, error = said.get("name"), _error(said)
        if 200 <= status < 300:
            if isinstance(name, str) and name:
                return Accepted(receipt=name[:200], at=now)
            return Ambiguous(reason=f"http {status} without a message name")
        if status == 404 and error == "UNREGISTERED":
            return Refused(reason=error, is_retryable=False, ends_address="hard_bounce")
        if status == 429 or (status == 503 and error == "UNAVAILABLE"):  # documented as not taken
            wait = wait_seconds(answer.headers.get("retry-after"), now)
            return Refused(reason=error or f"http {status}", is_retryable=True, is_outage=True, after_seconds=wait)
        if status >= 500 or status < 200:
            return Ambiguous(reason=f"http {status} {error}".strip())
        if status in (403, 404):  # our project or sender, not this message: everything waits until it is set right
            return Refused(reason=f"account: {error or f'http {status}'}", is_retryable=True, is_outage=True)
        return Refused(reason=f"http {status} {error}".strip(), is_retryable=False)


def push_of(message: Rendered, app_scheme: str = "") -> dict[str, Any]:
    """Give the message resource: title and body, and the deep link; a platform with a link of its own opens that.

    Android's data takes the place of the message's data (FCM HTTP v1, AndroidConfig), so it names the key again.
    """
    link, sign = deep_link(message.link, app_scheme), message.send_key[:32]
    ios, android = deep_link(message.link_ios, app_scheme), deep_link(message.link_android, app_scheme)
    return {
        "token": message.to,
        "notification": {"title": message.subject[:MAX_TITLE], "body": message.text[:MAX_BODY]},
        "data": {"link": link, "send_key": message.send_key},
        "android": {
            **({"data": {"link": android, "send_key": message.send_key}} if android else {}),
            "collapse_key": sign,
            "ttl": "86400s",
            "notification": {"tag": sign, "click_action": "OPEN_LINK"},
        },
        "apns": {
            "headers": {"apns-collapse-id": sign},
            "payload": {"aps": {"category": "OPEN_LINK", "thread-id": message.message_class}, "link": ios or link},
        },
    }


def deep_link(url: str, app_scheme: str) -> str:
    """Give the address an app opens: the https one (Universal Link, App Link), or the same under the app's scheme."""
    parts = urlsplit(url)
    if not app_scheme or parts.scheme not in ("http", "https"):
        return url
    return parts._replace(scheme=app_scheme).geturl()


def _error(said: dict[str, Any]) -> str:
    """Give FCM's own error code where there is one, else the status' name."""
    error = said.get("error")
    if not isinstance(error, dict):
        return ""
    details = error.get("details")
    for detail in details if isinstance(details, list) else []:
        if isinstance(detail, dict) and isinstance(detail.get("errorCode"), str):
            return str(detail["errorCode"])[:60]
    return str(error.get("status", ""))[:60]


def _json(answer: Answer) -> dict[str, Any]:
    if not answer.is_whole:
        return {}
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
