"""Rows of what hand-off reads of a person."""

from typing import Any

import pyarrow as pa

from memory.store.person_state import PERSON_STATE_SCHEMA


def person_state(person_id: str, **overrides: Any) -> pa.Table:
    """One reachable person in Germany; any column can be overridden."""
    row: dict[str, Any] = {
        "person_id": person_id,
        "consent_email": True,
        "market": "DE",
        "language": "de",
        "zones": ["Europe/Berlin"],
        **overrides,
    }
    names = [name for name in PERSON_STATE_SCHEMA.names if name in row]
    schema = pa.schema([PERSON_STATE_SCHEMA.field(name) for name in names])
    return pa.Table.from_pylist([{name: row[name] for name in names}], schema=schema)
