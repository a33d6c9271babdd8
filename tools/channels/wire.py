"""One bounded HTTP exchange: checked address, one deadline for everything, capped answer, no redirect, no decoding.

Built on httpcore because its network backend is the one public place where the address that was checked is also the
address that is dialled. Environment proxies are not read and redirects are given back as they are.
"""

import ssl
import time
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from typing import Any, NamedTuple

import httpcore
from tenacity import RetryCallState, Retrying, retry_if_result, wait_random_exponential

from .reach import ForbiddenAddress, Reach, Resolve, checked_addresses, resolve_all, url_refusal

MAX_ANSWER_BYTES = 64 * 1024
ATTEMPTS = 3
"""How often a connection that certainly carried nothing is tried within one hand-off."""
_ENDS: ContextVar[float] = ContextVar("ends")


class Answer(NamedTuple):
    """What came back."""

    status: int
    """HTTP status."""
    headers: Mapping[str, str]
    """Headers, names in lower case."""
    body: bytes
    """The body as it came, at most `MAX_ANSWER_BYTES`; empty where it is compressed, which nobody asked for."""
    is_whole: bool
    """Whether the body ended within the limits of size and time."""


class NoAnswer(NamedTuple):
    """Why there is no answer."""

    reason: str
    """What happened."""
    may_have_arrived: bool
    """Whether the provider may have got the request."""
    is_retryable: bool = True
    """Whether trying again can help."""


class Wire:
    """Connections to one provider. Safe to use from several threads."""

    def __init__(
        self,
        reach: Reach,
        *,
        total_seconds: float = 10.0,
        tls: ssl.SSLContext | None = None,
        resolve: Resolve = resolve_all,
    ) -> None:
        """Allow what `reach` allows; every exchange ends after `total_seconds`, whatever the other side does."""
        self._reach, self._total_seconds = reach, total_seconds
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls or ssl.create_default_context(),
            max_connections=4,
            max_keepalive_connections=2,
            keepalive_expiry=15.0,
            network_backend=_Backend(reach, resolve),
        )

    def post(self, url: str, content: bytes, headers: Mapping[str, str]) -> Answer | NoAnswer:
        """Post `content`."""
        return self._exchange("POST", url, content, headers)

    def get(self, url: str, headers: Mapping[str, str]) -> Answer | NoAnswer:
        """Fetch."""
        return self._exchange("GET", url, None, headers)

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()

    def _exchange(self, method: str, url: str, content: bytes | None, headers: Mapping[str, str]) -> Answer | NoAnswer:
        if refusal := url_refusal(url, self._reach):
            return NoAnswer(refusal, may_have_arrived=False, is_retryable=False)
        token = _ENDS.set(time.monotonic() + self._total_seconds)
        try:
            found: Answer | NoAnswer = Retrying(
                stop=_is_over,
                wait=wait_random_exponential(multiplier=0.05, max=1.0),
                retry=retry_if_result(_carried_nothing),
                retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
            )(self._once, method, url, content, headers)
            return found
        finally:
            _ENDS.reset(token)

    def _once(self, method: str, url: str, content: bytes | None, headers: Mapping[str, str]) -> Answer | NoAnswer:
        sent = [(name, value) for name, value in {"accept-encoding": "identity", **headers}.items()]
        times = dict.fromkeys(("connect", "read", "write", "pool"), self._total_seconds)
        try:
            with self._pool.stream(method, url, headers=sent, content=content, extensions={"timeout": times}) as got:
                names = {key.decode("latin-1").lower(): value.decode("latin-1") for key, value in got.headers}
                body, is_whole = _read(got)
                if names.get("content-encoding", "identity") != "identity":
                    body = b""
                return Answer(got.status, names, body, is_whole)
        except ForbiddenAddress as problem:
            return NoAnswer(str(problem), may_have_arrived=False, is_retryable=False)
        except (httpcore.LocalProtocolError, httpcore.UnsupportedProtocol) as problem:
            return NoAnswer(f"request: {type(problem).__name__}", may_have_arrived=False, is_retryable=False)
        except (httpcore.ConnectError, httpcore.ConnectTimeout, httpcore.PoolTimeout) as problem:
            return NoAnswer(f"connect: {type(problem).__name__}", may_have_arrived=False)
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as problem:
            return NoAnswer(f"answer lost: {type(problem).__name__}", may_have_arrived=True)


def _read(answer: httpcore.Response) -> tuple[bytes, bool]:
    """Read at most `MAX_ANSWER_BYTES`; a body that breaks off keeps what came: the status was already clear."""
    body = b""
    chunks: Iterable[bytes] = answer.iter_stream()
    try:
        for chunk in chunks:
            body += chunk[: MAX_ANSWER_BYTES + 1 - len(body)]
            if len(body) > MAX_ANSWER_BYTES:
                return body[:MAX_ANSWER_BYTES], False
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException):
        return body, False
    return body, True


def _carried_nothing(found: Answer | NoAnswer) -> bool:
    return isinstance(found, NoAnswer) and found.is_retryable and not found.may_have_arrived


def _is_over(state: RetryCallState) -> bool:
    return state.attempt_number >= ATTEMPTS or time.monotonic() + 1.0 > _ENDS.get()


class _Backend(httpcore.NetworkBackend):
    """Dials only checked addresses; the certificate is still checked against the name."""

    def __init__(self, reach: Reach, resolve: Resolve) -> None:
        self._reach, self._resolve, self._inner = reach, resolve, httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        try:
            addresses = checked_addresses(host, port, self._reach, self._resolve)
        except OSError as problem:
            raise httpcore.ConnectError(str(problem)) from None
        for address in addresses[:-1]:
            try:
                return _Stream(self._inner.connect_tcp(address, port, _left(timeout), local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return _Stream(self._inner.connect_tcp(addresses[-1], port, _left(timeout), local_address, socket_options))


class _Stream(httpcore.NetworkStream):
    """A stream whose every wait ends with the exchange's deadline: one byte a second does not keep it open."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _left(timeout: float | None, error: type[Exception] = httpcore.ConnectTimeout) -> float:
    """Give the seconds left, at most `timeout`; raise where none are."""
    left = _ENDS.get() - time.monotonic()
    if left <= 0:
        raise error("the time for the whole exchange is over")
    return left if timeout is None else min(left, timeout)
