"""Other frequency caps over messages that left: who would have waited, and whose window would have had room."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.guardrails import FrequencyCap

from .cap_walk import counted, walk


def held_by_caps(
    left: pa.Table, history: pa.Table, current: Sequence[FrequencyCap], wanted: Sequence[FrequencyCap]
) -> pa.Array:
    """Give which of the messages the wanted caps would have held back and the present ones would not.

    `history` holds the messages of the longest window before them, too: those left, and hold their slots. Messages of
    other tools and shops are not among them.
    """
    earlier = history.filter(pc.invert(pc.is_in(history["send_key"], value_set=left["send_key"])))
    people = _codes(left["person_id"], earlier["person_id"])
    at = np.concatenate([_whole(pc.cast(left["send_at"], pa.int64())), _whole(earlier["claimed_at"])])
    rates = np.concatenate([_rates(left), np.ones(earlier.num_rows)])
    classes = np.concatenate([_texts(left["message_class"]), _texts(earlier["message_class"])])
    settled = np.arange(len(people)) >= left.num_rows
    held = np.zeros(len(people), bool)
    for name in sorted({cap.message_class for cap in (*current, *wanted)} - {"transactional"}):
        here = np.flatnonzero(classes == name)
        given = (people[here], at[here], rates[here], settled[here])
        before, after = ([cap for cap in caps if cap.message_class == name] for caps in (current, wanted))
        held[here] = walk(*given, after) & ~walk(*given, before)
    return pa.array(held[: left.num_rows])


def with_window_counts(
    held: pa.Table, history: pa.Table, current: Sequence[FrequencyCap], wanted: Sequence[FrequencyCap]
) -> pa.Table:
    """Count again what candidates had in the window of their cap, for classes whose window would be shorter.

    Where the window stays, what was counted when it was decided stays, other tools' messages included.
    """
    noted = np.asarray(pc.fill_null(held["n_sent_window"], 0).to_numpy(zero_copy_only=False), np.int64)
    people = _codes(held["person_id"], history["person_id"])
    theirs, ours = people[held.num_rows :], people[: held.num_rows]
    at, past_at = _whole(pc.cast(held["send_at"], pa.int64())), _whole(history["claimed_at"])
    found, classes, past = noted.copy(), _texts(held["message_class"]), _texts(history["message_class"])
    before = {cap.message_class: cap.window_days for cap in current}
    for cap in wanted:
        if cap.window_days >= before.get(cap.message_class, 0):
            continue
        here, then = np.flatnonzero(classes == cap.message_class), np.flatnonzero(past == cap.message_class)
        own = counted(theirs[then], past_at[then], ours[here], at[here], cap.window_days)
        found[here] = np.minimum(noted[here], own)
    column = held.schema.get_field_index("n_sent_window")
    return held.set_column(column, "n_sent_window", pa.array(found, pa.int64()))


def _codes(*columns: Any) -> np.ndarray[Any, np.dtype[np.int64]]:
    ids = pa.chunked_array([chunk for column in columns for chunk in pa.chunked_array(column).chunks], pa.string())
    coded = ids.combine_chunks().dictionary_encode()
    return np.asarray(coded.indices.to_numpy(zero_copy_only=False), np.int64)


def _whole(column: Any) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.asarray(column.to_numpy(zero_copy_only=False), np.int64)


def _rates(left: pa.Table) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.asarray(pc.fill_null(left["cap_rate"], 1.0).to_numpy(zero_copy_only=False), np.float64)


def _texts(column: Any) -> np.ndarray[Any, Any]:
    return np.asarray(column.to_numpy(zero_copy_only=False), object)
