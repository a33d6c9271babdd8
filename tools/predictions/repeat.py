"""The chance of a further order within a window: who tends to come back without being asked (S2-61)."""

from datetime import datetime

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.market import Shop
from memory.domain.outcome import NotEstimable
from memory.lake.view import LakeView
from tools.profile.purchases import purchases

from .chance import ChancePeople, Outcome, predict_chance
from .histories import n_buyers
from .judging import Flags


def predict_repeat(
    view: LakeView, shop: Shop, as_of: datetime, *, window_days: int = 90, seed: int = 1
) -> ChancePeople | NotEstimable:
    """Give every buyer's chance of a further order in the window after `as_of`; see `chance.predict_chance`."""
    return predict_chance(REPEAT, view, shop, as_of, window_days=window_days, seed=seed)


def _ordered(view: LakeView, shop: Shop, after: datetime, until: datetime, rows: pa.Table) -> Flags:
    """Say per person whether an order followed in (after, until]."""
    orders = purchases(view, shop, until)
    later = orders.filter(orders.event_at > ibis.literal(after)).select("person_id").distinct().to_pyarrow()
    flags: Flags = pc.is_in(rows["person_id"], later["person_id"].combine_chunks()).to_numpy()
    return flags


def _buyers(profiles: ir.Table) -> ir.Table:
    return profiles.filter(profiles.n_orders > 0)


REPEAT = Outcome(
    id="repeat",
    whose="buyers",
    happened_to="ordered again",
    n_people=n_buyers,
    keep=_buyers,
    happened=_ordered,
    limits="It says who tends to order again without being asked, not whom a message changes: that is uplift, and only "
    "a control group shows it. Refunds in full count from the start.",
)
