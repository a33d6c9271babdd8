"""Reads what was handed off from the outbox, as the messages the simulated people get."""

from datetime import datetime

import numpy as np
import pyarrow as pa
from sqlmodel import col, select

from memory.domain.market import Shop
from memory.domain.plan import Plan
from memory.store.engine import Store
from memory.store.instants import to_micros
from memory.store.outbox import OutboxRow

from . import contacts
from .effects import SENT_ROWS
from .reactions import Terms
from .world import positions

_COLUMNS = ("person_id", "finished_at", "message_kind", "channel", "cohort", "offer_id", "send_key")


def handed_off(store: Store, plan_id: str, people: list[str], since: datetime, until: datetime) -> pa.Table:
    """Give the plan's messages that were sent in `since` <= instant < `until` as `SENT_ROWS`.

    `people` are the world's person ids by position; messages to anybody else are left out.
    """
    query = (
        select(*[getattr(OutboxRow, name) for name in _COLUMNS])
        .where(
            OutboxRow.plan_id == plan_id,
            OutboxRow.state == "sent",
            col(OutboxRow.finished_at) >= to_micros(since),
            col(OutboxRow.finished_at) < to_micros(until),
        )
        .order_by(col(OutboxRow.finished_at), col(OutboxRow.send_key))
    )
    with store.read() as uow:
        rows = uow.session.connection().execute(query).all()
    if not rows:
        return SENT_ROWS.empty_table()
    person, at, *rest = (list(column) for column in zip(*rows, strict=True))
    place = positions(people, pa.array(person, pa.string()))
    when = contacts.local_seconds(pa.array(at, pa.int64()).cast(pa.timestamp("us", tz="UTC")))
    sent = pa.table(
        [pa.array(place), pa.array(when), *(pa.array(part, pa.string()) for part in rest)], schema=SENT_ROWS
    )
    return sent.filter(pa.array(np.asarray(place) >= 0))


def terms_of(plan: Plan, shop: Shop, scale: float = 1.0) -> dict[str, Terms]:
    """Give what each of the plan's offers takes off at the till; offers that nobody redeems by order are left out.

    `scale` turns the shop's minor units into the simulation's euro cents.
    """
    found = {}
    for offer in plan.offers:
        incentive, least = offer.incentive, round(offer.limits.min_spend.amount_minor * scale)
        if incentive.kind == "discount":
            found[offer.id] = Terms(incentive.rate, 0, least, ships_free=False)
        elif incentive.kind == "store_credit" and incentive.amount.currency == shop.currency:
            found[offer.id] = Terms(0.0, round(incentive.amount.amount_minor * scale), least, ships_free=False)
        elif incentive.kind == "free_expedited_shipping":
            found[offer.id] = Terms(0.0, 0, least, ships_free=True)
        elif incentive.kind in ("gift_with_purchase", "points_multiple"):
            found[offer.id] = Terms(0.0, 0, least, ships_free=False)
    return found
