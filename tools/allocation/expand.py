"""From types of identical decisions back to single ones."""

import numpy as np

from .columns import Columns
from .finish import Finished
from .limits import Ints


def assembled(columns: Columns, best: Finished) -> Ints:
    """Give how many of each column take each option, doing nothing last: (n, m + 1)."""
    amount = np.zeros((columns.n, columns.m + 1), dtype=np.int64)
    amount[np.arange(columns.n), best.option] = columns.weight if len(columns.weight) else 1
    amount[best.rows] = best.amount
    return amount


def single(best: Finished) -> Ints:
    """Give each column's option (n,) where every column is one decision."""
    option = best.option.copy()
    option[best.rows] = best.amount.argmax(axis=1)
    return option


def spread(columns: Columns, kind: Ints, person: Ints, amount: Ints) -> Ints:
    """Give every decision (n,) of a type its option; the earliest take the smallest options.

    People of one type have several decisions under one cap: their decisions follow each other around a circle of the
    people, so nobody gets two of a kind before everybody has one (McNaughton 1959's wrap-around), and no cap breaks.
    """
    n = len(kind)
    order = np.lexsort((np.arange(n), person, kind))
    size = np.bincount(kind, minlength=columns.n)
    starts = np.cumsum(size) - size
    place = np.empty(n, dtype=np.int64)
    place[order] = np.arange(n) - starts[kind[order]]
    shifted = (place - _offsets(columns, amount)[kind]) % size[kind]
    upto = np.cumsum(amount[:, :-1], axis=1)
    option = np.zeros(n, dtype=np.int64)
    for number in range(columns.m):
        option += shifted >= upto[kind, number]
    return option


def _offsets(columns: Columns, amount: Ints) -> Ints:
    """Give where on the circle each column begins: where the person's decision before it ended."""
    offset = np.zeros(columns.n, dtype=np.int64)
    if columns.caps is not None:
        caps = columns.caps
        taken = amount[caps.rows, :-1].sum(axis=1)
        before = np.cumsum(taken) - taken
        offset[caps.rows] = before - before[caps.starts][caps.unit]
    return offset
