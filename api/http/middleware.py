"""What every request passes: an id, limits, headers, an origin check and one log line without personal data."""

import secrets
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.tracing import note, span

from .errors import answer, refusal
from .limits import Limiter, TooManyRequests, address_of

MAX_JSON_BYTES = 2 * 2**20
MAX_HOOK_BYTES = 64 * 2**10
UPLOADS = "/api/imports/"
PAGE_UPLOADS = "/_nicegui/client/"
"""Files that a page of the workspace takes; only an open page has an address there."""
HOOKS = "/hooks/"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
PUBLIC_POSTS = ("/u/", "/unsubscribe/", "/preferences/", "/confirm/", HOOKS)
"""Posts that anybody may make from anywhere: mail providers unsubscribe for people. Neither origin nor rate counts."""
SHOP_PAGE_POSTS = ("/thanks/",)
"""Posts that the shop's own pages make from their host with an order's signed link; they are counted per address."""
COOKIE_POSTS = ("/sign-in", "/sign-out")
"""Posts of a browser's form that act by cookie: they have to say that they come from a page of ours."""
COUNTED_LATER = ("/api/",)
"""Paths whose callers are counted by account, once the token is read."""
SOCKETS = "/_nicegui_ws/"
SECURITY_HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
PAGE_POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
WORKSPACE_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
"""The workspace's framework compiles templates in the browser, hence eval; nothing is loaded from elsewhere."""


class BodyTooLarge(HTTPException):
    """More bytes arrived than allowed."""

    def __init__(self, limit: int) -> None:
        """Say how many bytes are allowed."""
        super().__init__(413, _too_large(limit)[2])


class Passage:
    """One pure ASGI layer around everything."""

    def __init__(
        self,
        app: ASGIApp,
        public_url: str,
        max_upload_bytes: int,
        counter: Limiter | None = None,
        trusted_proxies: str = "",
    ) -> None:
        """Wrap `app`; requests from pages of other hosts than `public_url` and the request's own are refused.

        `counter` counts the pages that need no token, per address.
        """
        self.app = app
        self._counter, self._trusted_proxies = counter, trusted_proxies
        self._public_host = urlsplit(public_url).netloc
        self._max_upload_bytes = max_upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        scope["request_id"] = secrets.token_hex(8)
        if self._is_foreign(scope):
            await _refuse(scope, receive, send, 403, "ForeignOrigin", "Pages of other hosts may not call this one.")
            return
        if scope["type"] == "websocket":
            await self.app(scope, receive, send)
            return
        await self._http(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = _Exchange(scope, receive, send, self._limit(scope))
        if exchange.declared > exchange.limit:
            await _refuse(scope, receive, exchange.send, *_too_large(exchange.limit))
            return
        if self._counter is not None and not scope["path"].startswith((*PUBLIC_POSTS, *COUNTED_LATER)):
            try:
                self._counter.take(address_of(scope, self._trusted_proxies))
            except TooManyRequests as error:
                await refusal(error)(scope, receive, exchange.send)
                exchange.log()
                return
        with span("request", id=scope["request_id"], method=scope["method"]) as current:
            try:
                await self.app(scope, exchange.receive, exchange.send)
            except BodyTooLarge:
                if not exchange.status:
                    await _refuse(scope, receive, exchange.send, *_too_large(exchange.limit))
            finally:
                note(current, route=exchange.route, status=exchange.status)
                exchange.log()

    def _limit(self, scope: Scope) -> int:
        if scope["path"].startswith(HOOKS):
            return MAX_HOOK_BYTES
        is_upload = scope["path"].startswith(UPLOADS) or PAGE_UPLOADS in scope["path"]
        return self._max_upload_bytes if is_upload else MAX_JSON_BYTES

    def _is_foreign(self, scope: Scope) -> bool:
        """Say whether a browser page of another host makes a request that changes something or opens a socket."""
        is_socket = scope["type"] == "websocket" or SOCKETS in scope["path"]
        is_plain_read = not is_socket and scope["method"] in SAFE_METHODS
        if is_plain_read or scope["path"].startswith((*PUBLIC_POSTS, *SHOP_PAGE_POSTS)):
            return False
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is None and scope["path"].startswith(COOKIE_POSTS):
            return headers.get("sec-fetch-site") != "same-origin"
        if origin is None:
            return headers.get("sec-fetch-site", "none") in ("cross-site", "same-site")
        return urlsplit(origin).netloc not in {headers.get("host"), self._public_host}


class _Exchange:
    """One HTTP request and its answer on the way."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        self.scope, self.limit = scope, limit
        self.status, self._n_bytes = 0, 0
        self._receive, self._send = receive, send
        self._started = time.perf_counter()
        length = Headers(scope=scope).get("content-length", "0")
        self.declared = int(length) if length.isdigit() and len(length) < 16 else 0

    @property
    def route(self) -> str:
        """The route's pattern, known once the request was routed."""
        return getattr(self.scope.get("route"), "path", "(none)")

    async def receive(self) -> Message:
        """Count the body's bytes; raise `BodyTooLarge` past the limit."""
        message = await self._receive()
        self._n_bytes += len(message.get("body", b""))
        if self._n_bytes > self.limit:
            raise BodyTooLarge(self.limit)
        return message

    async def send(self, message: Message) -> None:
        """Add the headers that every answer carries."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-Id"] = self.scope["request_id"]
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
            path = self.scope["path"]
            if path.startswith("/ui"):  # without it browsers send no origin with the form that signs out
                headers["Referrer-Policy"] = "same-origin"
            headers.setdefault("Content-Security-Policy", WORKSPACE_POLICY if path.startswith("/ui") else PAGE_POLICY)
            if not path.startswith("/ui"):
                headers.setdefault("Cache-Control", "no-store")
        await self._send(message)

    def log(self) -> None:
        """Write one line: the route's pattern, never the path, whose parts may name people."""
        structlog.get_logger("http").info(
            "request",
            request_id=self.scope["request_id"],
            method=self.scope["method"],
            route=self.route,
            status=self.status,
            milliseconds=round((time.perf_counter() - self._started) * 1000),
        )


def _too_large(limit: int) -> tuple[int, str, str]:
    return 413, "BodyTooLarge", f"The body is larger than {limit} bytes; send less, or raise SECONDORDER_MAX_UPLOAD_MB."


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, code: str, message: str) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    await answer(status, code, message)(scope, receive, send)
