"""The door of the server: connections past half of the open files are answered 503 in words and closed.

Without it a process that runs out of files drops connections without a word: uvloop closes them below any code of
ours. The other half of the files stays for the store, the lake and whoever is served.
"""

import asyncio
import resource
import time
from typing import Any
from weakref import ref

import structlog
from uvicorn.protocols.http.auto import AutoHTTPProtocol

LOG = structlog.get_logger("second_order.http")
LEAST = 4
LINGERING = 8
"""How many refused callers at once get time to read the answer; the others may see a reset instead."""
LINGER_SECONDS = 1.0
TOLD_EVERY_SECONDS = 60.0
WORDS = b"Too many connections for the open files this server may have. Retry soon; `secondorder doctor` says more.\n"
ANSWER = (
    b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain; charset=utf-8\r\nretry-after: 5\r\n"
    b"connection: close\r\ncontent-length: %d\r\n\r\n%b" % (len(WORDS), WORDS)
)


class Door:
    """Counts who is in; made once per server."""

    def __init__(self, most: int | None = None) -> None:
        """Let `most` connections in at once; half of the files this process may open where none is given."""
        self.most = most if most is not None else max(LEAST, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2)
        self.n_lingering = 0
        self._coming: list[ref[Any]] = []  # made, and not yet among the server's connections
        self._refused_at: float | None = None
        self._told_at: float | None = None

    @property
    def is_crowded(self) -> bool:
        """Whether anybody was refused within the last minute."""
        return self._refused_at is not None and time.monotonic() - self._refused_at < TOLD_EVERY_SECONDS

    def protocol(self, **given: Any) -> asyncio.Protocol:
        """Give the protocol of one accepted connection, as uvicorn asks for it (`http=`)."""
        known = given["server_state"].connections
        self._coming = [one for one in self._coming if (made := one()) is not None and made.transport is None]
        n_open = len(known) - self.n_lingering + len(self._coming)
        if n_open < self.most:
            made = AutoHTTPProtocol(**given)
            self._coming.append(ref(made))
            return made
        self._refused_at = now = time.monotonic()
        if self._told_at is None or now - self._told_at >= TOLD_EVERY_SECONDS:
            self._told_at = now
            LOG.error("connections_refused", n_open=n_open, most=self.most, why="half of the open files are in use")
        return _Refusing(self, known)


class _Refusing(asyncio.Protocol):
    """Answers before it is asked, and closes."""

    def __init__(self, door: Door, known: set[Any]) -> None:
        self._door, self._known = door, known
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._transport.write(ANSWER)
        if self._door.n_lingering >= LINGERING:
            self._transport.close()
            return
        self._door.n_lingering += 1
        self._known.add(self)  # a server that ends closes it with the others
        asyncio.get_running_loop().call_later(LINGER_SECONDS, self._transport.close)

    def shutdown(self) -> None:
        """Close at once; uvicorn asks for it when it ends."""
        self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if self in self._known:
            self._known.discard(self)
            self._door.n_lingering -= 1
