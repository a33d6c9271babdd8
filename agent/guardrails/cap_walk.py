"""Which messages a rolling cap would have held back: a walk over everybody's k-th message at once."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from memory.domain.guardrails import FrequencyCap

DAY_MICROS = 86_400_000_000
LONG_AGO = np.iinfo(np.int64).min // 2
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def walk(
    people: Whole, at: Whole, rates: npt.NDArray[np.float64], settled: Flags, caps: Sequence[FrequencyCap]
) -> Flags:
    """Give which messages of one class the caps would have held back, in the order given.

    `people` are codes from 0, `at` microseconds, `rates` what a wish or risk band leaves of a cap. A message that is
    held back takes no slot; one that is `settled` left before the look back begins and always holds its slot. The
    loop runs over the first, second, third message of all people, never over people.
    """
    held = np.zeros(len(people), bool)
    if not len(people) or not caps:
        return held
    order = np.lexsort((at, people))
    starts = np.r_[True, people[order][1:] != people[order][:-1]]
    place = np.arange(len(order)) - np.maximum.accumulate(np.where(starts, np.arange(len(order)), 0))
    by_place = np.argsort(place, kind="stable")
    rounds = np.split(order[by_place], np.cumsum(np.bincount(place))[:-1])
    n_slots = max(1, min(max(cap.max_messages for cap in caps), int(place.max()) + 1))
    slots = np.full((int(people.max()) + 1, n_slots), LONG_AGO)
    for rows in rounds:
        full = _full(slots, people[rows], at[rows], rates[rows], caps) & ~settled[rows]
        held[rows] = full
        kept = rows[~full]
        slots[people[kept], :-1] = slots[people[kept], 1:]
        slots[people[kept], -1] = at[kept]
    return held


def most_of(cap: FrequencyCap, rates: npt.NDArray[np.float64]) -> Whole:
    """Give how many messages a cap leaves each person: a wish or risk band narrows it, to one at least."""
    narrowed = np.floor(cap.max_messages * rates).astype(np.int64)
    return np.minimum(cap.max_messages, np.maximum(narrowed, 1))


def counted(history_people: Whole, history_at: Whole, people: Whole, at: Whole, window_days: int) -> Whole:
    """Give how many messages of the history each person got in the rolling window that ends at `at`, to the second."""
    if not len(history_people) or not len(people):
        return np.zeros(len(people), np.int64)
    low, window = int(history_at.min()), window_days * 86_400
    past = (history_at - low) // 1_000_000 + window
    now = np.maximum((at - low) // 1_000_000 + window, 0)
    span = int(max(past.max(), now.max())) + 1  # people times microseconds would pass 64 bits
    keys = np.sort(history_people * span + past)
    ends = np.searchsorted(keys, people * span + now, "left")
    begins = np.searchsorted(keys, people * span + np.maximum(now - window, 0), "right")
    found: Whole = np.maximum(ends - begins, 0).astype(np.int64)
    return found


def _full(
    slots: Whole, people: Whole, at: Whole, rates: npt.NDArray[np.float64], caps: Sequence[FrequencyCap]
) -> Flags:
    full, n_slots = np.zeros(len(people), bool), slots.shape[1]
    for cap in caps:
        if cap.max_messages == 0:
            return np.ones(len(people), bool)
        most = most_of(cap, rates)
        oldest = slots[people, np.maximum(n_slots - most, 0)]
        full |= (most <= n_slots) & (oldest > at - cap.window_days * DAY_MICROS)
    return full
