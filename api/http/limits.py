"""How often somebody may ask: counters per account and per address, in bounded memory."""

import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from threading import Lock

from starlette.datastructures import Headers
from starlette.types import Scope

from memory.domain.errors import SecondOrderError

MAX_KEYS = 20_000
"""Accounts and addresses remembered at once; the longest unused is forgotten first."""
FAILURES_PER_ACCOUNT = 5
FAILURES_PER_ADDRESS = 20
FAILURE_SECONDS = 900.0
MINUTE = 60.0


class TooManyRequests(SecondOrderError):
    """Too many requests; wait {retry_after} seconds and try again."""

    http_status = 429


class Limiter:
    """Counts what happened per key in a sliding window: the last full window fades out as the present one fills.

    Time is the process's monotonic clock, so that a jump of the wall clock opens nothing.
    """

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Allow `most` per key in any `seconds`, about."""
        self._most, self._seconds, self._clock = most, seconds, clock
        self._counts: OrderedDict[str, tuple[int, int, int]] = OrderedDict()
        self._lock = Lock()

    def take(self, key: str) -> None:
        """Count one; raise `TooManyRequests` where that is one too many."""
        with self._lock:
            self._require(key)
            self._add(key)

    def require(self, key: str) -> None:
        """Raise `TooManyRequests` where the key has used up its share; counts nothing."""
        with self._lock:
            self._require(key)

    def add(self, key: str) -> None:
        """Count one."""
        with self._lock:
            self._add(key)

    def forget(self, key: str) -> None:
        """Begin anew with a key."""
        with self._lock:
            self._counts.pop(key, None)

    def give_back(self, key: str) -> None:
        """Take one count back: what was tried went well."""
        with self._lock:
            window, n_now, n_before, _ = self._look(key)
            self._counts[key] = (window, max(n_now - 1, 0), n_before)

    def __len__(self) -> int:
        return len(self._counts)

    def _require(self, key: str) -> None:
        _, n_now, n_before, part = self._look(key)
        if n_now + n_before * (1 - part) >= self._most:
            left = self._seconds * (1 - part) if n_now else self._seconds * (1 - part) / 2
            raise TooManyRequests(retry_after=max(1, round(left)))

    def _add(self, key: str) -> None:
        window, n_now, n_before, _ = self._look(key)
        self._counts[key] = (window, n_now + 1, n_before)
        self._counts.move_to_end(key)
        while len(self._counts) > MAX_KEYS:
            self._counts.popitem(last=False)

    def _look(self, key: str) -> tuple[int, int, int, float]:
        """Give the present window's number, its count, the count before, and how much of the window has passed."""
        window, rest = divmod(self._clock(), self._seconds)
        kept, n_now, n_before = self._counts.get(key, (int(window), 0, 0))
        if kept == int(window) - 1:
            n_now, n_before = 0, n_now
        elif kept != int(window):
            n_now, n_before = 0, 0
        return int(window), n_now, n_before, rest / self._seconds


class Limits:
    """Every counter of one server."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Allow an account, and an address without one, `per_minute` requests."""
        self.account = Limiter(per_minute, MINUTE, clock)
        self.address = Limiter(per_minute, MINUTE, clock)
        self.account_failures = Limiter(FAILURES_PER_ACCOUNT, FAILURE_SECONDS, clock)
        self.address_failures = Limiter(FAILURES_PER_ADDRESS, FAILURE_SECONDS, clock)


def address_of(scope: Scope, trusted_proxies: str) -> str:
    """Give the caller's address: the peer, or what a trusted proxy says of it; anybody else's header is ignored.

    Of several forwarded addresses the last one that is no trusted proxy counts: earlier ones the caller can invent.
    IPv6 callers are counted by their /64, as one customer gets at least that much.
    """
    peer = (scope.get("client") or ("unknown", 0))[0]
    networks = [ip_network(part.strip(), strict=False) for part in trusted_proxies.split(",") if part.strip()]

    def is_trusted(text: str) -> bool:
        try:
            address = ip_address(text)
        except ValueError:
            return False
        return any(address in network for network in networks)

    if is_trusted(peer):
        hops = [hop.strip() for value in Headers(scope=scope).getlist("x-forwarded-for") for hop in value.split(",")]
        for hop in reversed(hops):
            peer = hop
            if not is_trusted(hop):
                break
    try:
        address = ip_address(peer)
    except ValueError:
        return peer[:64]
    return str(ip_network(f"{address}/64", strict=False)) if address.version == 6 else str(address)
