"""Bands of risk, columnar and deterministic: who complained or left once, and who stopped answering (S2-64).

High: a complaint, or consent taken back on some channel, within a year; or `SILENT_HIGH` messages in 90 days after
the last sign of life. Medium: `SILENT_MEDIUM` of them. Signs of life are opens and clicks by people, app opens, views
and orders. The counts are judgements, not fitted; change them here.
"""

from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.facts import INSTANT
from memory.domain.preference import FEWER_RATE, RISK_RATES
from memory.lake.view import LakeView

WINDOW = timedelta(days=90)
MEMORY = timedelta(days=365)
SILENT_MEDIUM, SILENT_HIGH = 3, 6
SIGNS = ("mail_open", "mail_click", "app_open", "view", "cart", "checkout", "review")
WISHES_SCHEMA = pa.schema(
    [
        ("person_id", pa.string()),
        ("paused_until", INSTANT),
        ("topics_off", pa.list_(pa.string())),
        ("preferred_channel", pa.string()),  # null or empty where they did not say
        ("band", pa.string()),
        ("cap_rate", pa.float64()),
    ]
)
"""What people chose, their band, and what both leave of every cap."""


def wishes(view: LakeView, people: pa.Table, chosen: pa.Table, sent: pa.Table, as_of: datetime) -> pa.Table:
    """Give `WISHES_SCHEMA` for the people (person_id) from their choices and the messages of the last 90 days.

    `sent` has person_id and at; `chosen` has person_id, frequency, paused_until, topics_off, preferred_channel.
    """
    members = view.memory_table("risk_people", people.select(["person_id"]))
    own = view.memory_table("risk_chosen", chosen).rename(chosen_person="person_id")
    messages = view.memory_table("risk_sent", sent)
    messages = messages.filter(messages.at > as_of - WINDOW)
    signs = _signs(view, as_of)
    heard = messages.left_join(signs, messages.person_id == signs.sign_person)
    heard = heard.filter(heard.sign_at.isnull() | (heard.at > heard.sign_at))
    silent = heard.group_by(silent_person=heard.person_id).aggregate(n_silent=heard.count())
    left = _left(view, as_of)
    table = members.left_join(own, members.person_id == own.chosen_person)
    table = table.left_join(silent, table.person_id == silent.silent_person)
    table = table.mutate(n_silent=ibis.coalesce(table.n_silent, 0), has_left=table.person_id.isin(left.left_person))
    band = ibis.cases(
        (table.has_left | (table.n_silent >= SILENT_HIGH), "high"), (table.n_silent >= SILENT_MEDIUM, "medium"),
        else_="low",
    )  # fmt: skip
    table = table.mutate(band=band)
    by_band = ibis.cases(*((table.band == name, rate) for name, rate in RISK_RATES.items()), else_=1.0)
    wish = ibis.ifelse(ibis.coalesce(table.frequency == "fewer", False), FEWER_RATE, 1.0)
    found: pa.Table = table.mutate(cap_rate=ibis.least(by_band, wish)).select(*WISHES_SCHEMA.names).to_pyarrow()
    return found.cast(WISHES_SCHEMA)


def _signs(view: LakeView, as_of: datetime) -> ir.Table:
    """Give the last sign of life per person within the window."""
    events, orders = view.table("events"), view.table("orders")
    events = events.filter(events.kind.isin(SIGNS), ~events.is_machine, events.person_id.notnull())
    events = events.filter(events.event_at > as_of - WINDOW, events.event_at <= as_of)
    orders = orders.filter(orders.person_id.notnull(), orders.event_at > as_of - WINDOW, orders.event_at <= as_of)
    both = events.select("person_id", "event_at").union(orders.select("person_id", "event_at"))
    return both.group_by(sign_person=both.person_id).aggregate(sign_at=both.event_at.max())


def _left(view: LakeView, as_of: datetime) -> ir.Table:
    """Give people who complained, or took consent back, within a year."""
    events, consents = view.table("events"), view.table("consents")
    events = events.filter(events.kind.isin(("complaint", "unsubscribe")), events.event_at > as_of - MEMORY)
    consents = consents.filter(consents.status == "revoked", consents.event_at > as_of - MEMORY)
    both = events.select("person_id").union(consents.select("person_id"))
    return both.filter(both.person_id.notnull()).select(left_person="person_id").distinct()
