"""A local OpenID provider over an httpx transport: discovery, codes with PKCE, signed identities; it can misbehave."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import RSAKey

from memory.domain.clock import Clock

ISSUER = "https://id.example"


@dataclass
class OpenIdServer:
    """Answers as OpenID Connect Core and RFC 7636 say; `twist` changes what it signs or says."""

    clock: Clock
    client_id: str = "second-order"
    client_secret: str = "a client secret"
    twist: dict[str, Any] = field(default_factory=dict)
    """Claims to change; `None` leaves one out."""
    header: dict[str, Any] = field(default_factory=lambda: {"alg": "RS256", "kid": "k1"})
    configuration: dict[str, Any] = field(default_factory=dict)
    signs_with: Any = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"})

    def transport(self) -> httpx.BaseTransport:
        return httpx.MockTransport(self.answer)

    def browser_visits(self, address: str, subject: str) -> dict[str, str]:
        """Sign somebody in at the provider's page and give what the browser brings back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = {**asked, "sub": subject}
        return {"code": code, "state": asked["state"], "iss": ISSUER}

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == "/.well-known/openid-configuration":
            places = {name: f"{ISSUER}/{name}" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
            return httpx.Response(200, json={"issuer": ISSUER, **places, **self.configuration})
        if path == "/jwks_uri":
            return httpx.Response(200, json={"keys": [self.key.as_dict(private=False)]})
        if path == "/token_endpoint":
            return self._token(request)
        return httpx.Response(404)

    def _token(self, request: httpx.Request) -> httpx.Response:
        given = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        basic = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {basic}":
            return httpx.Response(401, json={"error": "invalid_client"})
        kept = self.codes.pop(given.get("code", ""), None)  # a code works once
        challenge = base64.urlsafe_b64encode(hashlib.sha256(given.get("code_verifier", "").encode()).digest())
        if kept is None or kept["code_challenge"] != challenge.decode().rstrip("="):
            return httpx.Response(400, json={"error": "invalid_grant"})
        now = int(self.clock.now().timestamp())
        claims = {
            "iss": ISSUER,
            "sub": kept["sub"],
            "aud": self.client_id,
            "iat": now,
            "exp": now + 300,
            "nonce": kept["nonce"],
            **self.twist,
        }
        signed = {name: value for name, value in claims.items() if value is not None}
        if self.header["alg"] == "none":
            parts = [json.dumps(part).encode() for part in (self.header, signed)]
            token = ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + "."
            return httpx.Response(200, json={"id_token": token})
        token = jwt.encode(self.header, signed, self.signs_with or self.key, algorithms=[self.header["alg"]])
        return httpx.Response(200, json={"id_token": token, "token_type": "Bearer", "access_token": "x"})
