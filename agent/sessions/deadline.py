"""One deadline for a whole answer of an endpoint: a byte now and then, headers included, keeps no connection open."""

import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import httpcore2
import httpx2

_ENDS: ContextVar[float] = ContextVar("ends", default=float("inf"))
"""By the monotonic clock; the earliest of all deadlines around."""


@contextmanager
def within(seconds: float) -> Iterator[float]:
    """Let every wait of a `TimedTransport` inside end after so many seconds, or with an earlier deadline around it.

    Gives the seconds there are.
    """
    now = time.monotonic()
    ends = min(_ENDS.get(), now + seconds)
    token = _ENDS.set(ends)
    try:
        yield ends - now
    finally:
        _ENDS.reset(token)


def is_over() -> bool:
    """Say whether the deadline has passed."""
    return time.monotonic() >= _ENDS.get()


class TimedTransport(httpx2.HTTPTransport):
    """The machine's network, bounded by `within`: a timeout of the library counts anew with every byte."""

    def __init__(self) -> None:
        """Connect to nothing yet."""
        super().__init__()
        self._pool = httpcore2.ConnectionPool(
            ssl_context=httpx2.create_ssl_context(), max_connections=4, network_backend=_Backend()
        )


class _Backend(httpcore2.NetworkBackend):
    def __init__(self) -> None:
        self._inner = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore2.NetworkStream:
        return _Stream(self._inner.connect_tcp(host, port, _left(timeout), local_address, socket_options))


class _Stream(httpcore2.NetworkStream):
    def __init__(self, inner: httpcore2.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(timeout, httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(timeout, httpcore2.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _left(timeout: float | None, error: type[Exception] = httpcore2.ConnectTimeout) -> float | None:
    """Give the seconds left, at most `timeout`; raise where none are."""
    ends = _ENDS.get()
    if ends == float("inf"):
        return timeout
    left = ends - time.monotonic()
    if left <= 0:
        raise error("the time for the whole answer is over")
    return left if timeout is None else min(left, timeout)
