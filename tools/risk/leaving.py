"""What unsubscribes say about messages: shares per step, content and cohort, shrunk, and what a leaver costs (S2-65).

A message kind's share of leavers is shrunk towards `PRIOR_RATE` as if `PRIOR_MESSAGES` messages had shown it
(beta-binomial mean), so that one leaver after ten mails moves little and thirty after a thousand move much. Only what
lies above the prior lowers a kind's value. Both figures are judgements; mailbox providers call 0.3 % complaints too
many, and unsubscribes are commoner than complaints.
"""

from collections.abc import Iterable, Mapping

import pyarrow as pa

from memory.domain.base import Count, Frozen, Rate

PRIOR_RATE = 0.002
PRIOR_MESSAGES = 500
ORDERS_LOST_PER_LEAVER = 1.0
"""Orders a leaver is taken to withhold; an assumption, like the priors of effects."""
LEAVING_SCHEMA = pa.schema([("message_kind", pa.string()), ("rate", pa.float64()), ("excess_rate", pa.float64())])


class Leaving(Frozen):
    """Unsubscribes after messages of one group."""

    group: str
    """The step, message kind or cohort."""
    n_sent: Count
    """Messages that left."""
    n_left: Count
    """People who unsubscribed through one of them."""
    rate: Rate
    """Shrunk share."""

    @property
    def excess_rate(self) -> float:
        """What lies above the prior; it lowers the value of the content."""
        return max(0.0, self.rate - PRIOR_RATE)


def leaving(rows: Iterable[Mapping[str, object]], by: str) -> tuple[Leaving, ...]:
    """Sum rows of (`by`, n_sent, n_left) per group, worst first."""
    sums: dict[str, list[int]] = {}
    for row in rows:
        total = sums.setdefault(str(row[by]), [0, 0])
        total[0] += int(str(row["n_sent"]))
        total[1] += int(str(row["n_left"]))
    found = [Leaving(group=group, n_sent=n, n_left=k, rate=shrunk(k, n)) for group, (n, k) in sums.items()]
    return tuple(sorted(found, key=lambda one: (-one.rate, one.group)))


def leaving_table(rows: Iterable[Mapping[str, object]]) -> pa.Table:
    """Give `LEAVING_SCHEMA` per message kind."""
    found = leaving(rows, "message_kind")
    return pa.Table.from_pylist(
        [{"message_kind": one.group, "rate": one.rate, "excess_rate": one.excess_rate} for one in found],
        schema=LEAVING_SCHEMA,
    )


def shrunk(n_left: int, n_sent: int) -> float:
    """Give the shrunk share of leavers."""
    return min(1.0, (n_left + PRIOR_RATE * PRIOR_MESSAGES) / (max(n_sent, n_left) + PRIOR_MESSAGES))
