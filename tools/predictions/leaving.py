"""The chance of leaving within a window: of taking marketing consent back, or of complaining (S2-64, S2-68)."""

from datetime import datetime

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.market import Shop
from memory.domain.outcome import NotEstimable
from memory.lake.view import LakeView

from .chance import ChancePeople, Outcome, predict_chance
from .judging import Flags

LEFT_KINDS = ("unsubscribe", "complaint")
"""Events that say that somebody left."""


def predict_leaving(
    view: LakeView, shop: Shop, as_of: datetime, *, window_days: int = 90, seed: int = 1
) -> ChancePeople | NotEstimable:
    """Give the chance of leaving in the window of every buyer who may be written to; see `chance.predict_chance`."""
    return predict_chance(LEAVING, view, shop, as_of, window_days=window_days, seed=seed)


def _n_consenting(view: LakeView, shop: Shop, at: datetime) -> int:
    """Count people who ever said yes up to `at`: a cheap upper bound of those who may be written to."""
    said = _of_shop(view, "consents", shop)
    said = said.filter(said.purpose == "marketing", said.status == "granted", said.event_at <= ibis.literal(at))
    return int(said.person_id.nunique().to_pyarrow().as_py())


def _left(view: LakeView, shop: Shop, after: datetime, until: datetime, rows: pa.Table) -> Flags:
    """Say per person whether consent was taken back on some channel, or a complaint came, in (after, until]."""
    consents, events = _of_shop(view, "consents", shop), _of_shop(view, "events", shop)
    back = consents.filter(consents.purpose == "marketing", consents.status == "revoked")
    told = events.filter(events.kind.isin(LEFT_KINDS))
    both = back.select("person_id", "event_at").union(told.select("person_id", "event_at"))
    both = both.filter(both.event_at > ibis.literal(after), both.event_at <= ibis.literal(until))
    people = both.select("person_id").distinct().to_pyarrow()
    flags: Flags = pc.is_in(rows["person_id"], people["person_id"].combine_chunks()).to_numpy()
    return flags


def _of_shop(view: LakeView, name: str, shop: Shop) -> ir.Table:
    table = view.table(name)
    return table.filter(table.shop_id == shop.shop_id, table.person_id.notnull())


def _may_be_written_to(profiles: ir.Table) -> ir.Table:
    return profiles.filter(profiles.n_orders > 0, profiles.consent_email | profiles.consent_sms | profiles.consent_push)


LEAVING = Outcome(
    id="leaving",
    whose="buyers with consent",
    happened_to="left",
    n_people=_n_consenting,
    keep=_may_be_written_to,
    happened=_left,
    limits="It says who tends to leave under the messages that the shop sent then; fewer or more of them change it. "
    "What one message adds to it is another question.",
)
