"""The outbox rows of what was chosen, by columns: a tick's messages stay a table until the store takes them."""

import hashlib
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.plan import Plan

from .certify import Shared, certificates

MESSAGES_SCHEMA = pa.schema(
    [
        ("shop_id", pa.string()),
        ("plan_id", pa.string()),
        ("batch_id", pa.string()),
        *(
            (name, pa.string())
            for name in ("step_id", "person_id", "cohort", "channel", "message_kind", "message_class", "template",
                         "offer_id", "market", "language", "zone", "zone_source")
        ),
        ("cost_millis", pa.int64()),
        ("subject_no", pa.int64()),
        ("send_key", pa.string()),
        ("first_key", pa.string()),  # of the message that a second channel follows; else empty
        ("send_at", pa.int64()),  # microseconds since 1970, as the store keeps them
        ("due_at", pa.int64()),
        ("certificate", pa.string()),
        ("goods", pa.string()),  # JSON of what it shows; empty until goods are picked
        ("notice_sku", pa.string()),
        ("engaged_at", pa.int64()),  # microseconds of the person's last deed; 0 until looked up
    ]
)  # fmt: skip
"""One row per message, in the order of their decisions."""
KEY_DIGITS = 40
FALLBACK = "fallback"
"""What the second channel's decision and send key carry beside the step."""


def planned(rows: pa.Table, decision_ids: pa.Array, plan: Plan, batch_id: str, shared: Shared) -> pa.Table:
    """Give `MESSAGES_SCHEMA` of chosen candidates with their `subject_no`, in their order, certified."""
    n, is_second = rows.num_rows, rows["is_fallback"].combine_chunks()
    named = pc.binary_join_element_wise(rows["step_id"], rows["person_id"], "\x1f").combine_chunks()
    seconds = named.filter(is_second)
    of_second = _keys(plan, pc.binary_join_element_wise(seconds, FALLBACK, "\x1f"))
    send_keys = pc.replace_with_mask(_keys(plan, named), is_second, of_second)
    first = pc.replace_with_mask(pa.repeat("", n), is_second, _keys(plan, seconds))
    at = pc.cast(rows["send_at"], pa.int64())
    own: dict[str, Any] = {
        "shop_id": pa.repeat(plan.shop_id, n),
        "plan_id": pa.repeat(plan.id, n),
        "batch_id": pa.repeat(batch_id, n),
        "send_key": send_keys,
        "first_key": first,
        "send_at": at,
        "due_at": at,
        "certificate": certificates(rows, decision_ids, send_keys, shared),
        "goods": pa.repeat("", n),
        "notice_sku": pa.repeat("", n),
        "engaged_at": pa.repeat(0, n),
    }
    columns = [own[field.name] if field.name in own else _filled(rows[field.name], field) for field in MESSAGES_SCHEMA]
    return pa.table(columns, names=MESSAGES_SCHEMA.names).cast(MESSAGES_SCHEMA)


def _filled(column: pa.ChunkedArray, field: pa.Field) -> pa.ChunkedArray:
    cast = pc.cast(column, field.type)
    return pc.fill_null(cast, "") if pa.types.is_string(field.type) else cast


def send_key(plan: Plan, row: Mapping[str, Any], is_fallback: bool = False) -> str:
    """Give the key under which a person gets a step of a plan at most once, on whichever channel.

    Its second channel has a key of its own, so that it goes out beside the first message, and once.
    """
    named = (row["step_id"], row["person_id"], *((FALLBACK,) if is_fallback else ()))
    found: str = _keys(plan, pa.array(["\x1f".join(named)]))[0].as_py()
    return found


def _keys(plan: Plan, named: pa.Array) -> pa.Array:
    """Give the key of each text that names step and person; what all have in common is hashed once."""
    begun = hashlib.sha256("\x1f".join((plan.shop_id, plan.id, "")).encode())
    keys = []
    for text in pc.cast(named, pa.binary()).to_pylist():
        key = begun.copy()
        key.update(text)
        keys.append(key.hexdigest()[:KEY_DIGITS])
    return pa.array(keys, pa.string())
