"""Providers by their documented contracts: Twilio's messages, FCM's with its OAuth endpoint, a webhook receiver.

A recipient that starts with `refused`, `busy` or `gone` (or the digits that stand for them) decides the answer.
"""

import base64
import hashlib
import json
from collections.abc import Callable
from email.utils import format_datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from memory.domain.clock import Clock

from .http import Reply, Request
from .journal import Journal

ACCOUNT, TOKEN, NUMBER = "AC" + "0" * 32, "a token for tests", "+15005550006"
HOOK_SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Twilio:
    """Takes messages without any key, and lists what it took."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self.journal, self._clock = journal, clock
        self.messages: list[dict[str, Any]] = []

    def __call__(self, request: Request) -> Reply:
        signed = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {signed}":
            return Reply(401, {"code": 20003, "message": "Authenticate", "status": 401})
        if request.path != f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json":
            return Reply(404, {"code": 20404, "status": 404})
        if request.method == "GET":
            found = [one for one in self.messages if one["to"] == request.query.get("To")]
            return Reply(200, {"messages": found, "next_page_uri": None})
        return self._take(request)

    def _take(self, request: Request) -> Reply:
        assert request.headers["content-type"] == "application/x-www-form-urlencoded"
        form = request.form
        codes = {"+1550": (400, 21211), "+1551": (429, 20429), "+1552": (400, 21610)}
        if problem := codes.get(form["To"][:5]):
            return Reply(problem[0], {"code": problem[1], "message": "no", "status": problem[0]})
        assert form["Body"] and (form.get("From") or form.get("MessagingServiceSid"))
        sid = f"SM{len(self.messages):032x}"
        message = {
            "sid": sid,
            "to": form["To"],
            "body": form["Body"],
            "status": "queued",
            "error_code": None,
            "date_created": format_datetime(self._clock.now()),
        }
        self.messages.append(message)
        self.journal.write(key=sid, to=form["To"], body=form["Body"], callback=form.get("StatusCallback", ""))
        return Reply(201, message)


class Fcm:
    """Gives access tokens for signed claims and takes pushes for them."""

    def __init__(self, journal: Journal, public: RSAPublicKey, audience: Callable[[], str]) -> None:
        self.journal, self._public, self._audience = journal, public, audience
        self.tokens: set[str] = set()

    def __call__(self, request: Request) -> Reply:
        if request.path == "/token":
            return self._sign_in(request)
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return _google(401, "UNAUTHENTICATED")
        if request.path != "/v1/projects/nord-app/messages:send":
            return _google(404, "NOT_FOUND")
        message = request.json()["message"]
        assert message["data"] == {"link": message["data"]["link"], "send_key": message["data"]["send_key"]}
        assert all(isinstance(value, str) for value in message["data"].values())
        problems = {
            "refused": (400, "INVALID_ARGUMENT"),
            "busy": (429, "QUOTA_EXCEEDED"),
            "gone": (404, "UNREGISTERED"),
        }
        if problem := problems.get(message["token"].partition("@")[0]):
            return _google(*problem)
        self.journal.write(key=message["data"]["send_key"], to=message["token"], message=message)
        return Reply(200, {"name": f"projects/nord-app/messages/0:{len(self.journal.entries())}"})

    def _sign_in(self, request: Request) -> Reply:
        form = request.form
        assert form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
        head, claim, sign = form["assertion"].split(".")
        self._public.verify(_raw(sign), f"{head}.{claim}".encode(), PKCS1v15(), SHA256())
        said = json.loads(_raw(claim))
        assert said["scope"] == "https://www.googleapis.com/auth/firebase.messaging"
        assert said["aud"] == self._audience() and said["exp"] - said["iat"] == 3600
        token = hashlib.sha256(f"{form['assertion']}{len(self.tokens)}".encode()).hexdigest()
        self.tokens.add(token)
        return Reply(200, {"access_token": token, "expires_in": 3599, "token_type": "Bearer"})


class Hook:
    """Verifies signatures and keeps bodies by key; the same key with another body is an error."""

    def __init__(self, journal: Journal, secret: str = HOOK_SECRET) -> None:
        self.journal, self._secret = journal, secret
        self.bodies: dict[str, bytes] = {}

    def __call__(self, request: Request) -> Reply:
        from standardwebhooks import Webhook

        Webhook(self._secret).verify(request.body, request.headers)
        to, key = request.json()["to"], request.headers["webhook-id"]
        statuses = {"refused": 400, "busy": 429}
        if status := statuses.get(to.partition("@")[0]):
            return Reply(status)
        if self.bodies.get(key, request.body) != request.body:
            return Reply(409, {"error": "another body under this key"})
        if key not in self.bodies:
            self.bodies[key] = request.body
            self.journal.write(key=key, to=to)
        return Reply(200, {"ok": True}, {"x-receipt": f"r-{key[:8]}"})


def _google(status: int, code: str) -> Reply:
    detail = {"@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": code}
    return Reply(status, {"error": {"code": status, "status": code, "message": "no", "details": [detail]}})


def _raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
