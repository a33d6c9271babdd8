"""Where a channel may connect to: every address a name stands for is checked, and that very address is dialled."""

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from memory.domain.base import Frozen

Resolve = Callable[[str, int], Sequence[str]]
"""From host and port to every IP address it stands for, as text."""

_TRANSLATED = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))
"""NAT64 prefixes: the last four bytes are an IPv4 address (RFC 6052, RFC 8215)."""


class ForbiddenAddress(Exception):
    """The address may not be connected to. Kept inside this package: callers give a refusal."""


class Reach(Frozen):
    """What a shop's settings allow a channel to connect to."""

    hosts: tuple[str, ...] = ()
    """Allowed hosts; any public one where none is named."""
    allows_loopback: bool = False
    """Whether this machine itself may be reached, over plain HTTP as well: for rehearsals and tests only."""


def resolve_all(host: str, port: int) -> Sequence[str]:
    """Ask the system's resolver once, for every address."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]).partition("%")[0] for row in found))


def url_refusal(url: str, reach: Reach) -> str:
    """Give why the address may not be posted to before any name is looked up, or nothing."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip(".").lower(), parts.port
    except ValueError:
        return "malformed_url"
    if not host or port == 0 or parts.username is not None or parts.password is not None:
        return "malformed_url"
    if parts.scheme != "https" and not (parts.scheme == "http" and reach.allows_loopback and _is_local(host)):
        return "scheme_not_allowed"
    if reach.hosts and host not in {name.rstrip(".").lower() for name in reach.hosts}:
        return "host_not_allowed"
    return ""


def checked_addresses(host: str, port: int, reach: Reach, resolve: Resolve = resolve_all) -> Sequence[str]:
    """Resolve once and give the addresses; raise `ForbiddenAddress` where a single one of them is not public."""
    found = resolve(host, port)
    if not found:
        raise ForbiddenAddress("no_address")
    for text in found:
        if not _is_allowed(text, reach):
            raise ForbiddenAddress("address_not_public")
    return found


def _is_allowed(text: str, reach: Reach) -> bool:
    try:
        address = _inner(ip_address(text))
    except ValueError:
        return False
    if address.is_loopback:
        return reach.allows_loopback
    return address.is_global and not address.is_multicast and not address.is_reserved and not address.is_unspecified


def _inner(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Give the IPv4 address that an IPv6 one carries (mapped, 6to4, Teredo, NAT64), else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if any(address in net for net in _TRANSLATED):
        return IPv4Address(address.packed[-4:])
    return address


def _is_local(host: str) -> bool:
    """Say whether a host is written as this machine; what a name resolves to is checked when it is dialled."""
    return host in ("localhost", "::1") or host.startswith("127.")
