"""Second channels: who got a step's message, let its hours pass and did nothing, and is tried once elsewhere.

A tick takes those whose hours ended since the tick before it, so nobody is looked at twice; what is decided for them
passes the same guardrails, choice and outbox as every step, under a send key of its own.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.facts import INSTANT
from memory.domain.guardrails import Guardrails
from memory.domain.market import Market, Shop
from memory.domain.plan import Plan, Step
from memory.lake.view import LakeView
from memory.store.unit_of_work import UnitOfWork

from .due import DUE_SCHEMA, Place, due_row, sendable

LONGEST_HELD = timedelta(days=5)
"""A message is handed off or lapses within this time of its step's day."""
OPENED = ("mail_open", "mail_click")
LEFT = ("unsubscribe", "complaint")
WAITING_SCHEMA = pa.schema(
    [
        ("send_key", pa.string()),
        ("person_id", pa.string()),
        ("present_id", pa.string()),  # the person it is now, after merges
        ("step_id", pa.string()),
        ("first_channel", pa.string()),
        ("handed_at", INSTANT),
    ]
)


def waiting(uow: UnitOfWork, plan: Plan, since: datetime, slot_at: datetime) -> pa.Table:
    """Give the handed-off messages (`WAITING_SCHEMA`) whose fallback hours ended in the half-open `since` to `slot_at`.

    Only what a provider took counts; a message that went out on the second channel already has no third.
    """
    tables = [WAITING_SCHEMA.empty_table()]
    for _, _, step in sendable(plan):
        is_far = step.trigger == "dated" and step.fallback is not None and not _is_near(step, since, slot_at)
        if step.fallback is None or since >= slot_at or is_far:
            continue
        hours = timedelta(hours=step.fallback.after_hours)
        sent = uow.deliveries.handed_off(plan.id, step.id, step.fallback.channel, since - hours, slot_at - hours)
        present = uow.identities.people_of(sent["person_id"].to_pylist())
        ids = pa.array([present[person] for person in sent["person_id"].to_pylist()], pa.string())
        tables.append(
            pa.table([*sent.columns, ids], names=[*sent.column_names, "present_id"]).select(WAITING_SCHEMA.names)
        )
    return pa.concat_tables(tables)


def _is_near(step: Step, since: datetime, slot_at: datetime) -> bool:
    """Say whether the step's messages may have been handed off that long ago."""
    assert step.fallback is not None
    hours = timedelta(hours=step.fallback.after_hours)
    first, last = (since - hours - LONGEST_HELD).date(), (slot_at - hours).date() + timedelta(days=1)
    return first <= step.due_on <= last


def fallback_due(
    plan: Plan,
    places: Sequence[Place],
    markets: dict[str, Market],
    shop: Shop,
    guardrails: Guardrails,
    steps: Iterable[str],
    slot_at: datetime,
) -> pa.Table:
    """Give the `DUE_SCHEMA` rows of these steps on their second channel: due now, moved to the channel's opening."""
    wanted = set(steps)
    rows = [
        due_row(journey_id, cohort, step, step.fallback.channel, place, markets, shop, guardrails, slot_at)
        | {"is_fallback": True}
        for journey_id, cohort, step in sendable(plan)
        if step.id in wanted and step.fallback is not None
        for place in places
    ]
    return pa.Table.from_pylist(rows, schema=DUE_SCHEMA)


def keep_waiting(table: ir.Table, view: LakeView, rows: pa.Table) -> ir.Table:
    """Keep, of the candidates on a second channel, those whose first message nothing is known to have followed.

    Whoever opened or clicked it as a person, ordered, left the shop's list or took back the consent for the first
    channel reacted. An open that names no message counts for every message before it. `rows` is `waiting`.
    """
    if rows.num_rows == 0:
        return table.filter(~table.is_fallback)
    silent = _silent(view, view.memory_table("tick_waiting", rows))
    second = table.filter(table.is_fallback)
    right = silent.select(
        of_person="person_id", of_step="step_id", first_channel="first_channel", handed_at="handed_at"
    )
    joined = second.inner_join(right, [second.person_id == right.of_person, second.step_id == right.of_step])
    ordered = ibis.coalesce(joined.last_order_at >= joined.handed_at, False)
    kept = joined.filter(~ordered & _is_welcome(joined))
    return table.filter(~table.is_fallback).union(kept.select(*table.columns))


def _silent(view: LakeView, sent: ir.Table) -> ir.Table:
    """Give the messages that no event and no order answers."""
    events, orders = view.table("events"), view.table("orders")
    of_people = events.filter(~events.is_machine)
    opens = of_people.filter(of_people.kind.isin(OPENED))
    named = opens.filter(opens.message_id.isin(sent.send_key)).select(answered="message_id")
    loose = opens.filter(ibis.coalesce(opens.message_id, "") == "")
    left = of_people.filter(of_people.kind.isin(LEFT))
    deeds = [each.select(who="person_id", at="event_at") for each in (loose, left, orders)]
    deed = ibis.union(*deeds, distinct=False)
    later = sent.inner_join(deed, [sent.present_id == deed.who, deed.at >= sent.handed_at])
    later = later.select(answered="send_key")
    return sent.filter(~sent.send_key.isin(named.union(later).answered))


def _is_welcome(table: ir.Table) -> ir.BooleanValue:
    """Whether the person still lets the first channel in; who took that back does not want another one instead."""
    welcome = ibis.literal(False)
    for channel in ("email", "sms", "push"):
        given = ibis.coalesce(table[f"consent_{channel}"], False)
        welcome = ibis.ifelse(table.first_channel == channel, given, welcome)
    return welcome
