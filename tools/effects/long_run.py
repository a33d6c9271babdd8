"""The long-run cost of a send: the orders that a person it loses would have placed, as arrays and as Ibis."""

import ibis
import ibis.expr.types as ir
import numpy as np

from memory.domain.fatigue import Fatigue
from tools.offpolicy.log import Floats, Ints
from tools.risk.leaving import ORDERS_LOST_PER_LEAVER

from .fatigue import Flags


def lost_orders(fatigue: Fatigue, load: ir.IntegerValue, is_at_risk: ir.BooleanValue) -> ir.FloatingValue:
    """Give the orders a send loses beyond the ordinary, as a columnar expression; nulls count as no load, no risk."""
    heard, risky = ibis.coalesce(load, 0), ibis.coalesce(is_at_risk, False)
    found = ibis.literal(0.0)
    for cell in sorted(fatigue.cells, key=lambda one: one.load_from):
        lost = max(cell.rate - fatigue.ordinary_rate, 0.0) * ORDERS_LOST_PER_LEAVER
        mine = risky if cell.is_at_risk else ~risky
        found = ibis.ifelse((heard >= cell.load_from) & mine, lost, found)
    return found


def long_run_minor(fatigue: Fatigue, load: Ints, is_at_risk: Flags, order_minor: Floats) -> Ints:
    """Give (n,): the minor units each candidate send costs in the long run, rounded up: subtract them from its worth.

    `order_minor` (n,) is the margin of one order of the person's in minor units.
    """
    lost = np.zeros(len(load))
    for cell in sorted(fatigue.cells, key=lambda one: one.load_from):
        own = (load >= cell.load_from) & (is_at_risk == cell.is_at_risk)
        lost[own] = max(cell.rate - fatigue.ordinary_rate, 0.0) * ORDERS_LOST_PER_LEAVER
    return np.ceil(np.round(lost * order_minor, 9)).astype(np.int64)
