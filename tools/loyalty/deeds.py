"""Points of missions and of reviews with a photo, as lots: what plans promise and the programme pays by itself."""

from collections.abc import Sequence
from datetime import datetime

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.facts import INSTANT
from memory.domain.market import Shop
from memory.lake.view import LakeView

from .members import memberships
from .programmes import Term

DEEDS_SCHEMA = pa.schema(
    [
        ("deed_id", pa.string()),
        ("person_id", pa.string()),
        ("source", pa.string()),
        ("points", pa.int64()),
        ("at", INSTANT),
        ("taken_at", INSTANT),
    ]
)
"""One row per deed that earned: `source` is `mission` or `review`; `taken_at` is when it was heard that its order was
taken back, null where it stands."""
_TERMS_SCHEMA = pa.schema(
    [("deed_starts_at", INSTANT), ("deed_ends_at", INSTANT), ("valid_days", pa.int64())],
)


def pays_deeds(terms: Sequence[Term]) -> bool:
    """Say whether any of a shop's programmes pays deeds."""
    return any(term.programme.pays_deeds for term in terms)


def deed_lots(
    view: LakeView, shop: Shop, terms: Sequence[Term], deeds: pa.Table | None, as_of: datetime
) -> ir.Table | None:
    """Give a lot per deed of who was a member when it was done, under a term that pays deeds; none where none does.

    Columns as in `order_lots`: a deed that was taken back loses all of its points when that was heard.
    """
    rows = [
        {"deed_starts_at": term.starts_at, "deed_ends_at": term.ends_at, "valid_days": term.programme.valid_days}
        for term in terms
        if term.programme.pays_deeds
    ]
    if deeds is None or not rows:
        return None
    done = view.memory_table("deeds_done", deeds.cast(DEEDS_SCHEMA))
    paying = view.memory_table("deed_terms", pa.Table.from_pylist(rows, _TERMS_SCHEMA))
    due = done.inner_join(paying, [done["at"] >= paying.deed_starts_at, done["at"] < paying.deed_ends_at])
    spans = memberships(view, shop, as_of)
    held = due.inner_join(
        spans,
        [
            due.person_id == spans.member_id,
            due["at"] >= spans.joined_at,
            spans.left_at.isnull() | (due["at"] < spans.left_at),
        ],
    )
    now = ibis.literal(as_of, "timestamp('UTC')")
    return held.select(
        "person_id",
        lot_id="deed_id",
        at=held["at"],
        gross=held.points,
        net=held.taken_at.isnull().ifelse(held.points, 0).cast("int64"),
        taken_at=ibis.least(ibis.greatest(ibis.coalesce(held.taken_at, held["at"]), held["at"]), now),
        expires_at=held["at"] + held.valid_days * ibis.interval(days=1),
        source=held.source,
    )
