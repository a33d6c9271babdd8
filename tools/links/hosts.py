"""Where a link leads, as far as its host says."""

from collections.abc import Iterable
from urllib.parse import urlsplit


def is_on(url: str, domains: Iterable[str]) -> bool:
    """Say whether a link's host is one of these domains or lies under one; an empty name is none."""
    host = (urlsplit(url).hostname or "").lower()
    return any(host == domain or host.endswith(f".{domain}") for domain in domains if domain)
