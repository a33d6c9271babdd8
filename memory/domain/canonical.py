"""Canonical JSON and the hashes built on it: equal values give equal bytes on every machine."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel

_BLOCK = 64
"""Bytes that SHA-256 works on at a time."""


def canonical_json(value: Any) -> bytes:
    """Give the UTF-8 JSON of `value` with sorted keys and no spaces; NaN and infinity are refused.

    Pydantic models are dumped in JSON mode first.
    """
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json")
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8")


def content_hash(value: Any) -> str:
    """Give the SHA-256 of the canonical JSON of `value` as 64 hex digits."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def fact_id(shop_id: str, source: str, kind: str, source_id: str) -> str:
    """Give a fact's id: the first 32 hex digits of a hash over shop, source, kind and source id."""
    joined = "\x1f".join((shop_id, source, kind, source_id))
    return hashlib.sha256(joined.encode("utf-8")).hexdigest()[:32]


def keyed_hash(key: bytes, *parts: str) -> str:
    """Give the HMAC-SHA-256 of `parts` under `key` as 64 hex digits; nobody without the key can guess it."""
    return hmac.digest(key, "\x1f".join(parts).encode("utf-8"), "sha256").hex()


def unit_interval(key: bytes, *parts: str) -> float:
    """Give a number in [0, 1) from the keyed hash: the same parts always land on the same place."""
    return int(keyed_hash(key, *parts)[:13], 16) / float(16**13)


def keyed_digests(key: bytes, texts: Iterable[bytes]) -> Iterator[bytes]:
    """Give the HMAC-SHA-256 of each text under `key`, as `hmac.digest` does.

    The key is hashed once and its state copied (RFC 2104, section 4), which halves the time for many short texts.
    """
    padded = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded)).copy
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded)).copy
    for text in texts:
        within, around = inner(), outer()
        within.update(text)
        around.update(within.digest())
        yield around.digest()
