"""What kind of file this looks like, from its first bytes: a proposal that a person may change."""

import csv
import json
from pathlib import Path
from typing import Any

from . import (
    complete_journey,
    consent,
    costs,
    events,
    goods_links,
    online_retail,
    rates,
    shipments,
    shopify_customers,
    shopify_orders,
    shopify_products,
    spend,
    stock,
)
from .report import ImportKind

READ_BYTES = 65_536
"""Enough for the widest header and for the first line of an export."""
PARQUET = b"PAR1"
_HEADERS: tuple[tuple[ImportKind, tuple[str, ...]], ...] = (
    ("shopify-orders", shopify_orders.REQUIRED),
    ("shopify-customers", shopify_customers.REQUIRED),
    ("shopify-products", shopify_products.REQUIRED),
    ("spend", spend.REQUIRED),
    ("rates", rates.REQUIRED),
    ("shipments", shipments.REQUIRED),
    ("stock", stock.REQUIRED),
    ("costs", costs.REQUIRED),
    ("goods-links", goods_links.REQUIRED),
)
_KLAVIYO = ({"email", "phone number"}, {"email marketing consent", "email consent", "klaviyo id", "sms consent"})
_SHOPIFY = ("order", "customer", "product", "refund", "fulfillment")


def guess_kind(path: Path) -> ImportKind | None:
    """Give the kind whose columns or keys the file begins with; none where nothing fits."""
    with path.open("rb") as file:
        head = file.read(READ_BYTES)
    if head.startswith(PARQUET):
        return _parquet(path)
    text = head.decode("utf-8-sig", "replace").lstrip()
    return _json(text) if text.startswith(("{", "[")) else _table(text)


def _parquet(path: Path) -> ImportKind | None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        names = set(pq.read_schema(path).names)
    except (pa.ArrowException, OSError):
        return None
    if names.issuperset(online_retail.COLUMNS):
        return "online-retail"
    return "complete-journey" if names.issuperset(complete_journey.COLUMNS) else None


def _table(text: str) -> ImportKind | None:
    try:
        header = {name.strip() for name in next(csv.reader(text.splitlines()), [])}
    except csv.Error:
        return None
    for kind, required in _HEADERS:
        if header.issuperset(required):
            return kind
    lower = {name.lower() for name in header}
    return "klaviyo-profiles" if all(lower & names for names in _KLAVIYO) else None


def _json(text: str) -> ImportKind | None:
    row = _first_object(text)
    if row is None:  # one document over many lines: its first keys say enough
        is_klaviyo = '"type"' in text and '"profile"' in text and '"data"' in text
        is_shopify = any(f'"{name}s"' in text or f'"{name}"' in text for name in _SHOPIFY) or '"variants"' in text
        return "klaviyo-profiles" if is_klaviyo else ("shopify-json" if is_shopify else None)
    if {"channel", "status"} <= row.keys() <= consent.KEYS:
        return "consent"
    if {"id", "at", "kind"} <= row.keys() <= events.KEYS | events.REFERRAL_KEYS:
        return "events"
    if "data" in row:
        return "klaviyo-profiles"
    is_shopify = any(name in row or f"{name}s" in row for name in _SHOPIFY) or "variants" in row
    return "shopify-json" if is_shopify else None


def _first_object(text: str) -> dict[str, Any] | None:
    """The object on the first line, or the first one of a list on it."""
    try:
        found = json.loads(text.splitlines()[0])
    except (ValueError, RecursionError):
        return None
    if isinstance(found, list):
        found = found[0] if found else None
    return found if isinstance(found, dict) else None
