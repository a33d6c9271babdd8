"""Edges of fifths: the keys at which the 2nd to 5th fifth begin, found by a pass over narrow columns, read as one rule.

They say the same as ranking everybody (`rfm_quintiles`), without sorting: a person's fifth is one more than the number
of edges their key has reached.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

FIFTHS = 5
KEYS = {
    "r_quintile": ("last_order_at", "person_id"),
    "f_quintile": ("n_orders", "last_order_at", "person_id"),
    "m_quintile": ("revenue_minor", "person_id"),
}
"""What each fifth ranks by; the last key is unique, so that ranks are."""
Edges = tuple[tuple[str, ...], ...]
"""Per fifth of `KEYS` and edge: the values of the keys as texts, instants as microseconds."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def fifth_edges(buyers: pa.Table) -> Edges:
    """Give for each of `KEYS` in order the first row of fifth 2, 3, 4 and 5; fewer where fewer people buy."""
    ids = buyers["person_id"].combine_chunks()
    columns = {name: _numbers(buyers[name]) for name in ("last_order_at", "n_orders", "revenue_minor")}
    starts = _starts(buyers.num_rows)
    edges: list[tuple[str, ...]] = []
    for name, keys in KEYS.items():
        numbers = [columns[key] for key in keys[:-1]]
        for start in starts:
            row = _row_at(numbers, ids, None, start)
            edges.append((name, *(str(int(column[row])) for column in numbers), str(ids[row].as_py())))
    return tuple(edges)


def fifths(sums: ir.Table, edges: Edges) -> dict[str, ir.Value]:
    """Give the fifths as expressions over rows of sums; null where the person never bought."""
    values: dict[str, ir.Value] = {}
    for name, keys in KEYS.items():
        reached = [_reached(sums, keys, edge) for kind, *edge in edges if kind == name]
        fifth = sum((one.cast("int32") for one in reached), ibis.literal(1, "int32"))
        values[name] = ibis.ifelse(sums.n_orders.notnull(), fifth, ibis.null("int32")).cast("int32")
    return values


def _reached(sums: ir.Table, keys: tuple[str, ...], edge: list[str]) -> ir.BooleanValue:
    key, *later = keys
    at = _value(key, edge[0])
    if not later:
        return sums[key] >= at
    return (sums[key] > at) | ((sums[key] == at) & _reached(sums, tuple(later), edge[1:]))


def _value(key: str, text: str) -> ir.Value:
    if key == "person_id":
        return ibis.literal(text)
    return ibis.literal(_EPOCH + timedelta(microseconds=int(text))) if key.endswith("_at") else ibis.literal(int(text))


def _starts(n: int) -> list[int]:
    """Give the places at which fifths 2 to 5 begin; the first n % 5 fifths hold one more."""
    sizes = [n // FIFTHS + (place < n % FIFTHS) for place in range(FIFTHS)]
    return [start for start in np.cumsum(sizes[:-1]).tolist() if start < n]


def _row_at(numbers: list[npt.NDArray[np.int64]], ids: Any, rows: npt.NDArray[np.int64] | None, place: int) -> int:
    """Give the row at a place in the order of the numbers, then of the ids, among `rows` or all."""
    if not numbers:
        assert rows is not None
        order = pc.sort_indices(ids.take(pa.array(rows)))
        return int(rows[order[place].as_py()])
    column = numbers[0] if rows is None else numbers[0][rows]
    value = np.partition(column, place)[place]
    ties = np.flatnonzero(column == value)
    left = place - int(np.count_nonzero(column < value))
    return _row_at(numbers[1:], ids, ties if rows is None else rows[ties], left)


def _numbers(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    flat = column.combine_chunks()
    return np.asarray(flat.cast(pa.int64()) if pa.types.is_timestamp(flat.type) else flat)
