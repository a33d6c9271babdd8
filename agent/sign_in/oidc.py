"""Sign-in at an OpenID provider: authorization code with PKCE, checked by hand with joserfc.

Built from OpenID Connect Core 1.0 (3.1.3.7), RFC 7636 and RFC 9207, and tested against a local provider that speaks
them; no provider on the internet has been tried. A subject is nobody until an admin links it to a principal.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from memory.domain.base import Frozen
from memory.domain.canonical import keyed_hash
from memory.domain.clock import Clock
from memory.domain.errors import NotReady
from memory.store.engine import Store

from .passwords import WrongSignIn, open_session

ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
"""Signatures by a published key only: neither `none` nor a shared secret."""
MAX_BYTES = 256 * 2**10
LEEWAY_SECONDS = 60
SECONDS_TO_ANSWER = 10.0


class Begun(Frozen):
    """One sign-in on its way; kept in the browser in a signed, short-lived cookie."""

    state: str
    """Comes back with the code; no other browser has it."""
    nonce: str
    """Comes back inside the signed identity."""
    verifier: str
    """The PKCE secret: the code is worth nothing without it."""


@dataclass(frozen=True)
class Provider:
    """One OpenID provider and the client registered there."""

    issuer: str
    """Its address; must be the `iss` of what it signs."""
    client_id: str
    """The client."""
    client_secret: str
    """Its secret; empty for a public client."""
    redirect_uri: str
    """Where the provider sends the browser back."""
    transport: httpx.BaseTransport | None = None
    """How it is reached; the network where none is given."""

    def begin(self) -> tuple[str, Begun]:
        """Give where the browser has to go, and what to keep of it."""
        begun = Begun(
            state=secrets.token_urlsafe(32), nonce=secrets.token_urlsafe(32), verifier=secrets.token_urlsafe(48)
        )
        challenge = base64.urlsafe_b64encode(hashlib.sha256(begun.verifier.encode()).digest()).decode().rstrip("=")
        with self._client() as client:
            address = _https(str(self._configuration(client)["authorization_endpoint"]))
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": "openid",
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}", begun

    def subject(self, code: str, begun: Begun, now: datetime) -> str:
        """Exchange the code and give the subject of a valid identity; raise `WrongSignIn` or `NotReady`."""
        with self._client() as client:
            found = self._configuration(client)
            fields = {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self.redirect_uri,
                "code_verifier": begun.verifier,
                "client_id": self.client_id,
            }
            auth = httpx.BasicAuth(self.client_id, self.client_secret) if self.client_secret else None
            endpoint = _https(str(found["token_endpoint"]))
            answer = _read(client.build_request("POST", endpoint, data=fields), client, auth)
            keys = _read(client.build_request("GET", _https(str(found["jwks_uri"]))), client, None)
        return self._checked(str(answer.get("id_token", "")), keys, begun, now)

    def _checked(self, token: str, keys: Any, begun: Begun, now: datetime) -> str:
        registry = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": begun.nonce},
        )
        try:
            claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS).claims
            registry.validate(claims)
        except (JoseError, ValueError, KeyError, TypeError):
            raise WrongSignIn() from None
        audience = claims["aud"]
        if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != self.client_id:
            raise WrongSignIn()
        return str(claims["sub"])

    def _configuration(self, client: httpx.Client) -> dict[str, Any]:
        request = client.build_request("GET", f"{self.issuer}/.well-known/openid-configuration")
        found: dict[str, Any] = _read(request, client, None)
        missing = {"authorization_endpoint", "token_endpoint", "jwks_uri"} - set(found)
        if missing or found.get("issuer") != self.issuer:
            raise NotReady(
                what="the OpenID provider", why="its configuration is not its own", remedy="Check the issuer"
            )
        return found

    def _client(self) -> httpx.Client:
        return httpx.Client(
            timeout=SECONDS_TO_ANSWER, follow_redirects=False, transport=self.transport, trust_env=False
        )


def sign_in_by_subject(store: Store, clock: Clock, issuer: str, subject: str, former_session: str = "") -> str:
    """Give a new session id for whoever the subject is linked to; raise `WrongSignIn` where that is nobody."""
    now = clock.now()
    with store.unit_of_work() as uow:
        principal_id = uow.sign_ins.linked(issuer, subject)
        session_id = ""
        if principal_id and uow.principals.get(principal_id).grants:
            session_id = open_session(uow, principal_id, "oidc", now, former_session)
        else:
            mark = keyed_hash(issuer.encode(), subject)[:16]
            uow.audit.append("system", "sign_in.refused", f"subject:{mark}", now, {"how": "oidc"})
    if not session_id:
        raise WrongSignIn()
    return session_id


def _https(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")):
        return address
    raise NotReady(what="the OpenID provider", why=f"{address} is not encrypted", remedy="Use an https provider")


def _read(request: httpx.Request, client: httpx.Client, auth: httpx.Auth | None) -> Any:
    import json

    _https(str(request.url))
    body = b""
    try:
        answer = client.send(request, auth=auth, stream=True)
        try:
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > MAX_BYTES:
                    raise ValueError("too long")
        finally:
            answer.close()
        if answer.status_code in (400, 401):
            raise WrongSignIn()
        answer.raise_for_status()
        found = json.loads(body)
    except (httpx.HTTPError, ValueError, RecursionError):
        raise NotReady(
            what="the OpenID provider", why="it does not answer as it should", remedy="Try again in a while"
        ) from None
    if not isinstance(found, dict):
        raise NotReady(what="the OpenID provider", why="it answers something else", remedy="Check the issuer")
    return found
