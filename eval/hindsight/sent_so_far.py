"""How many messages of a class a person's log held before each decision, in a window and altogether."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.guardrails import Guardrails
from memory.domain.plan import Plan
from tools.offpolicy.log import Ints

from .reading import Logged

CLASSES = ("promotional", "service", "transactional", "on_page")
SPAN = 2**33
"""Seconds since 1970 fit below it, so person, class and instant make one integer."""
DAY = 86_400


class SentSoFar:
    """Counts of this plan's messages; those of other plans are not in its log."""

    def __init__(self, log: Logged, plan: Plan) -> None:
        """Take the messages that were chosen, by person, class, slot and instant."""
        kinds = {step.id: CLASSES.index(step.message_class) for step in plan.steps()}
        steps = log.decisions["step_id"].combine_chunks().dictionary_encode()
        of_step = np.array([kinds[name] for name in steps.dictionary.to_pylist()], dtype=np.int64)
        group = log.trail.person * len(CLASSES) + of_step[steps.indices.to_numpy()]
        slot = _seconds(log.decisions["slot_at"])
        sent = np.flatnonzero((log.trail.taken >= 0) & ~log.trail.is_forced)
        send_at = _seconds(log.options["send_at"].take(pa.array(log.trail.taken[sent])))
        self._by_slot = np.sort(group[sent] * SPAN + slot[sent])
        self._by_instant = np.sort(group[sent] * SPAN + send_at)
        self._person, self._slot = log.trail.person[log.trail.decision], slot[log.trail.decision]

    def in_window(self, message_class: pa.ChunkedArray, guardrails: Guardrails) -> Ints:
        """Give per option the messages of its class decided in earlier slots and due within the class's window."""
        days: dict[str, int] = {cap.message_class: cap.window_days for cap in guardrails.frequency_caps}
        place = pc.index_in(message_class, pa.array(CLASSES)).to_numpy().astype(np.int64)
        length = np.array([DAY * days.get(name, 0) for name in CLASSES], dtype=np.int64)
        is_capped = np.array([name in days for name in CLASSES])
        group = self._person * len(CLASSES) + place
        before = np.searchsorted(self._by_slot, group * SPAN + self._slot) - _begin(self._by_slot, group)
        at = group * SPAN + self._slot - length[place]
        old = np.searchsorted(self._by_instant, at, side="right") - _begin(self._by_instant, group)
        return np.where(is_capped[place], before - old, 0).astype(np.int64)

    def so_far(self, message_class: str) -> Ints:
        """Give per option the messages of a class decided in earlier slots."""
        group = self._person * len(CLASSES) + CLASSES.index(message_class)
        counts = np.searchsorted(self._by_slot, group * SPAN + self._slot) - _begin(self._by_slot, group)
        return np.asarray(counts, dtype=np.int64)


def _begin(keys: Ints, group: Ints) -> Ints:
    return np.searchsorted(keys, group * SPAN).astype(np.int64)


def _seconds(at: pa.ChunkedArray) -> Ints:
    seconds: Ints = at.cast(pa.timestamp("us", "UTC")).cast(pa.int64()).to_numpy() // 1_000_000
    return seconds
