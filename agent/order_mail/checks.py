"""The checks of a mail about an order at its claim: the order, the parcel and the person as they are at this instant.

A receipt needs no consent, has no cap, no quiet hours and no holdout: its person waits for it. It still goes to nobody
who was erased, for nothing that was cancelled, and only while the step is ours.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from memory.domain.consent import Contact
from memory.domain.guardrails import Guardrails
from memory.domain.order_mail import OWNED_STEPS, OrderMailSettings
from memory.store.instants import from_micros
from memory.store.order_mail import OrderMailRow

from .facts import Looked

LAPSES_AFTER = timedelta(hours=48)
"""A receipt that could not leave for so long says nothing its person does not know."""
LOOK_AGAIN = timedelta(minutes=1)


class Verdict(NamedTuple):
    """Why a mail does not go now."""

    reason: str
    """Its stable name."""
    until: datetime | None = None
    """Until when it waits; none where it ends."""


class Known(NamedTuple):
    """What is true of a batch at the instant of its claim."""

    looked: Looked
    """Orders and parcels."""
    person_of: Mapping[str, str]
    """Send key to the person it is for; empty where nobody says whose order it is."""
    states: Mapping[str, Mapping[str, Any]]
    """What hand-off reads, per person."""
    contacts: Mapping[str, Contact]
    """Contact data per person."""
    settings: OrderMailSettings
    """Who sends what."""
    guardrails: Guardrails
    """The limits in force."""

    def person(self, row: OrderMailRow) -> str:
        """Give whom a mail is for."""
        return self.person_of[row.send_key]


def check(row: OrderMailRow, known: Known, now: datetime) -> Verdict | None:
    """Give the first reason why this mail may not be claimed now, or none."""
    if now - from_micros(row.heard_at) > LAPSES_AFTER:
        return Verdict("lapsed")
    if row.kind in OWNED_STEPS and known.settings.owner(row.kind) != "us":
        return Verdict("not_ours")
    return _order(row, known, now) or _person(row, known)


def _order(row: OrderMailRow, known: Known, now: datetime) -> Verdict | None:
    order = known.looked.orders.get(row.order_ref)
    if order is None:
        return Verdict("order_unknown", now + LOOK_AGAIN)
    if order.is_cancelled:
        return Verdict("order_cancelled")
    if row.parcel_id in known.looked.cancelled_parcels:
        return Verdict("parcel_cancelled")
    return Verdict("arrived_already") if row.parcel_id and order.has_arrived else None


def _person(row: OrderMailRow, known: Known) -> Verdict | None:
    person = known.person(row)
    state = known.states.get(person)
    if state is None:
        return Verdict("unknown_person")
    return Verdict("erased") if state["is_erased"] else None
