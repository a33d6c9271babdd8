"""What happened to one person, newest first: orders, messages, statements of consent, what they did. Pseudonymous."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import ibis.expr.types as ir

from agent.consents.proof import ChannelProof, consent_proof
from memory.domain.base import Count, Frozen, Instant
from memory.domain.money import Money
from memory.lake.view import LakeView
from memory.store.message_history import PastMessage

from .person import UnknownPerson

if TYPE_CHECKING:
    from agent.assembly import App

EntryKind = Literal["order", "message", "consent", "event"]
ENTRY_KINDS: tuple[EntryKind, ...] = ("order", "message", "consent", "event")
MOST = 200
"""Newest entries that are read of each kind."""


class TimelineEntry(Frozen):
    """One thing that happened."""

    at: Instant
    """When."""
    kind: EntryKind
    """What kind of thing."""
    what: str
    """The order's number, the message's kind, the status of consent, or the kind of event."""
    channel: str
    """On which channel; empty where none is known."""
    detail: tuple[str, ...]
    """More of it, such as the state of a message, the source of a consent, or a category."""
    sum: Money | None = None
    """Goods of an order less refunds."""
    subject: str = ""
    """What a message is told by: its step; empty for all else."""


class Timeline(Frozen):
    """One person's past in one shop."""

    person_id: str
    """Pseudonym after merges."""
    entries: tuple[TimelineEntry, ...]
    """Newest first."""
    n_by_kind: dict[str, Count]
    """How many there are of each kind, shown or not; of messages and consents at most what is read."""
    channels: tuple[ChannelProof, ...]
    """Consent per channel as it stands now, with what it rests on."""


def person_timeline(app: "App", shop_id: str, person_id: str) -> Timeline:
    """Give a person's past; raise `UnknownPerson` where the shop knows nobody of that pseudonym."""
    with app.store.read() as uow:
        person = uow.identities.person_of(person_id)
        subjects = sorted(uow.identities.subjects_of([person])[person])
        messages = uow.message_history.of(shop_id, subjects)
        tables = uow.versions.latest().tables
        is_known = bool(uow.person_state.get(shop_id, [person]).num_rows)
    with app.lake.open(tables, [shop_id], subjects=subjects) as view:
        orders, n_orders = _newest(view, "orders", person)
        events, n_events = _newest(view, "events", person)
    proof = consent_proof(app, shop_id, person, app.clock.now())
    if not (is_known or n_orders or n_events or messages or proof.statements):
        raise UnknownPerson(id=person_id)
    entries = [_order(row) for row in orders] + [_event(row) for row in events]
    entries += [_message(one) for one in messages[:MOST]]
    entries += [
        TimelineEntry(at=one.at, kind="consent", what=one.status, channel=one.channel, detail=(one.method, one.source))
        for one in proof.statements[-MOST:]
        if one.at is not None
    ]
    counts = {"order": n_orders, "event": n_events, "message": len(messages), "consent": len(proof.statements)}
    return Timeline(
        person_id=person, entries=tuple(sorted(entries, key=lambda one: one.at, reverse=True)), n_by_kind=counts,
        channels=proof.channels,
    )  # fmt: skip


def _newest(view: LakeView, table: str, person: str) -> tuple[list[dict[str, Any]], int]:
    rows: ir.Table = view.table(table)
    rows = rows.filter(rows.person_id == person)
    found: list[dict[str, Any]] = (
        rows.order_by([rows.event_at.desc(), rows.fact_id]).limit(MOST).to_pyarrow().to_pylist()
    )
    return found, rows.count().to_pyarrow().as_py()


def _order(row: dict[str, Any]) -> TimelineEntry:
    state = "cancelled" if row["is_cancelled"] else "refunded" if row["refunded_minor"] else "paid"
    detail = (state if row["is_paid"] or row["is_cancelled"] else "unpaid", row["discount_code"] or "")
    sum_ = Money(amount_minor=row["subtotal_minor"] - row["refunded_minor"], currency=row["currency"])
    return TimelineEntry(
        at=row["event_at"], kind="order", what=row["order_ref"], channel=row["channel"], detail=detail, sum=sum_
    )


def _event(row: dict[str, Any]) -> TimelineEntry:
    detail = tuple(str(row[name]) for name in ("category", "sku") if row[name])
    return TimelineEntry(
        at=row["event_at"], kind="event", what=row["kind"], channel=row["channel"] or "", detail=detail
    )


def _message(one: PastMessage) -> TimelineEntry:
    at: datetime = one.finished_at or one.due_at
    return TimelineEntry(
        at=at, kind="message", what=one.message_kind, channel=one.channel, subject=one.step_id,
        detail=tuple(filter(None, (one.state, one.reason, one.offer_id))),
    )  # fmt: skip
