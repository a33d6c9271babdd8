"""Messages grouped by the facts that the second checker reads of each."""

import numpy as np
import pyarrow as pa

from eval.gym.catalogue import Ints
from memory.domain.guardrails import Guardrails

from .options import Option, right_class
from .state import State

FACTS = pa.schema(
    [
        ("step", pa.string()),
        ("cohort", pa.int64()),
        ("kind", pa.string()),
        ("message_class", pa.string()),
        ("channel", pa.int64()),
        ("day", pa.int64()),
        ("control", pa.bool_()),
        ("consent", pa.bool_()),
        ("n_recent", pa.int64()),  # of the kind's own class, before this one
        ("since_days", pa.int64()),  # since the last order; at most 30 since one after day 0, or before day 0
        ("n", pa.int64()),  # messages
    ]
)
"""Groups of messages that no check can tell apart."""
LONG_AGO = 30


def cells(state: State, guardrails: Guardrails, option: Option, who: Ints) -> pa.Table:
    """Give the groups (`FACTS`) of one option's messages to the people at these positions."""
    if not len(who):
        return FACTS.empty_table()
    true_class = right_class(option.kind)
    window = max([cap.window_days for cap in guardrails.frequency_caps if cap.message_class == true_class], default=7)
    last = state.last[who]
    longest = np.where(last > state.crowd.start.day, LONG_AGO, state.day + LONG_AGO)  # which side of day 0 must stay
    since = np.minimum(state.crowd.start.day + state.day - last, longest)
    recent = state.recent(true_class, window)[who] if true_class in state.sent else np.zeros(len(who), dtype=np.int64)
    facts = np.column_stack([state.control[who], state.allows[who, option.channel], recent, since])
    rows, counts = np.unique(facts, axis=0, return_counts=True)
    n = len(rows)
    return pa.table(
        [
            pa.repeat(option.step, n), pa.repeat(option.cohort, n), pa.repeat(option.kind, n),
            pa.repeat(option.message_class, n), pa.repeat(option.channel, n), pa.repeat(state.day, n),
            pa.array(rows[:, 0] > 0), pa.array(rows[:, 1] > 0), pa.array(rows[:, 2]), pa.array(rows[:, 3]),
            pa.array(counts),
        ],
        schema=FACTS,
    )  # fmt: skip
