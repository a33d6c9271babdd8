"""The checks of a mail about an order at its claim: the order, the parcel and the person as they are at this instant.

A receipt needs no consent, has no cap, no quiet hours and no holdout: its person waits for it. It still goes to nobody
who was erased, for nothing that was cancelled, and only while the step is ours. The delay of a parcel is a service
message: consent, what the person chose, the cap of its class and quiet hours hold for it as for any other.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from agent.dispatch.checks import consent_refusal
from agent.dispatch.claim import market_of
from memory.domain.consent import Contact
from memory.domain.guardrails import Guardrails
from memory.domain.order_mail import OWNED_STEPS, OrderMailSettings
from memory.domain.preference import Preference
from memory.store.instants import from_micros, to_micros
from memory.store.order_mail import OrderMailRow
from tools.markets import Markets
from tools.timing import hours_for, next_allowed

from .facts import Looked

LAPSES_AFTER = timedelta(hours=48)
"""A receipt that could not leave for so long says nothing its person does not know."""
DELAY = "parcel_delay"
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
    markets: Markets
    """Market data."""
    preferences: Mapping[str, Preference]
    """What people chose, per person; read where a delay is told of."""
    lapsed: frozenset[str]
    """People whose permission for mails lapsed by itself."""
    n_service: dict[str, list[int]]
    """When service messages took a slot (microseconds), per person and whoever has the same address."""

    def person(self, row: OrderMailRow) -> str:
        """Give whom a mail is for."""
        return self.person_of[row.send_key]

    def took(self, row: OrderMailRow, now: datetime) -> None:
        """Count a claim against the rest of its own batch."""
        if row.kind == DELAY:
            self.n_service.setdefault(self.person(row), []).append(to_micros(now))


def check(row: OrderMailRow, known: Known, now: datetime) -> Verdict | None:
    """Give the first reason why this mail may not be claimed now, or none."""
    if now - from_micros(row.heard_at) > LAPSES_AFTER:
        return Verdict("lapsed")
    if row.kind in OWNED_STEPS and known.settings.owner(row.kind) != "us":
        return Verdict("not_ours")
    found = _order(row, known, now) or _person(row, known)
    return found or (_service(row, known, now) if row.kind == DELAY else None)


def _order(row: OrderMailRow, known: Known, now: datetime) -> Verdict | None:
    order = known.looked.orders.get(row.order_ref)
    if order is None:
        return Verdict("order_unknown", now + LOOK_AGAIN)
    if order.is_cancelled:
        return Verdict("order_cancelled")
    if row.parcel_id in known.looked.cancelled_parcels:
        return Verdict("parcel_cancelled")
    return Verdict("arrived_already") if row.kind != "order_confirmation" and order.has_arrived else None


def _person(row: OrderMailRow, known: Known) -> Verdict | None:
    person = known.person(row)
    state = known.states.get(person)
    if state is None:
        return Verdict("unknown_person")
    return Verdict("erased") if state["is_erased"] else None


def _service(row: OrderMailRow, known: Known, now: datetime) -> Verdict | None:
    person = known.person(row)
    state, chosen = known.states[person], known.preferences.get(person)
    refusal = consent_refusal(state, "email", "service") or ("consent_expired" if person in known.lapsed else "")
    if refusal:
        return Verdict(refusal)
    if chosen is not None and chosen.paused_until is not None and now < chosen.paused_until:
        return Verdict("paused")
    for cap in known.guardrails.frequency_caps:
        since = to_micros(now - timedelta(days=cap.window_days))
        taken = sum(at > since for at in known.n_service.get(person, ()))
        if cap.message_class == "service" and taken >= cap.max_messages:
            return Verdict("frequency_cap")
    market = market_of(known.markets, known.looked.orders[row.order_ref].market)
    zones = state["zones"] or (market.zones if market else ())
    opening = next_allowed(now, zones, hours_for(known.guardrails, market, "email", "service"))
    if opening is None:
        return Verdict("no_allowed_time")
    return Verdict("quiet_hours", opening) if opening > now else None
