"""Model traffic in vcrpy's cassette format, read and written without vcrpy's process-wide patch."""

import json
from typing import Any
from urllib.parse import urlsplit

from memory.domain.base import Frozen
from memory.domain.errors import InvalidInput

KEPT_HEADERS = ("content-type", "retry-after")
"""Everything else (authorization, cookies, user agents, dates, request ids) never enters a cassette."""
HOST = "http://llm.invalid"
"""Stands for the endpoint's address, which is nobody's business; matching ignores hosts."""
MAX_CASSETTE_CHARS = 20_000_000


class Exchange(Frozen):
    """One request to the model endpoint and its answer."""

    method: str
    """HTTP method."""
    path: str
    """Path with query."""
    body: str
    """Request body as text."""
    status: int
    """HTTP status of the answer."""
    headers: dict[str, str] = {}
    """Kept headers of the answer."""
    answer: str
    """Answer body as text."""


def endpoint_path(url: str) -> str:
    """Give the path and query of an address."""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def to_yaml(exchanges: list[Exchange]) -> str:
    """Write the exchanges as a cassette that vcrpy can load; no exchanges give an empty text."""
    if not exchanges:
        return ""
    import yaml

    document = {"interactions": [_interaction(exchange) for exchange in exchanges], "version": 1}
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=True, width=10_000)


def from_yaml(text: str) -> list[Exchange]:
    """Read a cassette; raise `InvalidInput` where it is none."""
    if not text:
        return []
    import yaml

    if len(text) > MAX_CASSETTE_CHARS:
        raise _bad("it is too large")
    try:
        document = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  safe loaders both
        return [_exchange(item) for item in document["interactions"]]
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise _bad(f"it cannot be read ({type(error).__name__})") from None


def same_body(left: str, right: str) -> bool:
    """Say whether two request bodies are equal; the order of JSON keys does not matter."""
    return left == right or _json(left) == _json(right) is not None


def first_difference(left: Any, right: Any, path: str = "") -> str:
    """Give the place where two JSON values first differ, as `/messages/2/content`; empty where they are equal."""
    if isinstance(left, dict) and isinstance(right, dict):
        for name in sorted({*left, *right}):
            if found := first_difference(left.get(name), right.get(name), f"{path}/{name}"):
                return found
        return ""
    if isinstance(left, list) and isinstance(right, list):
        for at, (one, other) in enumerate(zip(left, right, strict=False)):
            if found := first_difference(one, other, f"{path}/{at}"):
                return found
        return "" if len(left) == len(right) else f"{path}/{min(len(left), len(right))}"
    return "" if left == right else path or "/"


def body_difference(left: str, right: str) -> str:
    """Give the place where two request bodies first differ."""
    return first_difference(_json(left), _json(right))


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _interaction(exchange: Exchange) -> dict[str, Any]:
    return {
        "request": {
            "body": exchange.body,
            "headers": {"content-type": ["application/json"]},
            "method": exchange.method,
            "uri": HOST + exchange.path,
        },
        "response": {
            "body": {"string": exchange.answer},
            "headers": {name: [value] for name, value in exchange.headers.items()},
            "status": {"code": exchange.status, "message": ""},
        },
    }


def _exchange(item: dict[str, Any]) -> Exchange:
    request, response = item["request"], item["response"]
    return Exchange(
        method=request["method"],
        path=endpoint_path(request["uri"]),
        body=request["body"] or "",
        status=response["status"]["code"],
        headers={name: values[0] for name, values in response["headers"].items()},
        answer=response["body"]["string"],
    )


def _bad(why: str) -> InvalidInput:
    return InvalidInput(what="The cassette", why=why, remedy="Record the session again")
