"""Shops for tests."""

from typing import Any

from memory.domain.market import Shop


def a_shop(**overrides: Any) -> Shop:
    """A German shop in euros; any field can be overridden."""
    fields: dict[str, Any] = {
        "shop_id": "alpha",
        "name": "Alpha",
        "currency": "EUR",
        "zone": "Europe/Berlin",
        "home_market": "DE",
        "sender_email": "hello@alpha.invalid",
        "postal_address": "Alpha GmbH, Hauptstr. 1, 10115 Berlin",
        "website": "https://alpha.invalid",
    }
    return Shop(**{**fields, **overrides})
