"""What the store knows of the people of a decision: read once per plan, of a few people alone where only they count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import structlog

from memory.domain.guardrails import Guardrails
from memory.domain.plan import Plan
from memory.store.outbox import SENT_SCHEMA
from memory.store.outside_sends import as_table
from memory.store.unit_of_work import UnitOfWork
from tools.effects.kept import Tables, tables_of
from tools.risk.bands import WINDOW

from .goods import NOTICE_WINDOW
from .slipped import spared_people

LOG = structlog.get_logger("second_order.tick")


@dataclass(frozen=True)
class Known:
    """One consistent reading."""

    state: pa.Table
    """Rows of `person_state`."""
    sent: pa.Table
    """Messages planned or handed off (`SENT_SCHEMA`) within the longest window of a cap, this plan's, other tools'."""
    quarter: pa.Table
    """Our messages within the window of risk bands."""
    budget_millis: int
    """What the plan may still spend beyond what is planned already."""
    granted: dict[str, int]
    """How often each offer that has a limit was granted already."""
    triggered: Sequence[tuple[str, str]]
    """(step id, person id) that an event decided already."""
    told: pa.Table
    """(person_id, sku) of notices within their window."""
    lineage: tuple[str, ...]
    """The plan and those that it took over from, the latest first."""
    messaged: pa.Table
    """(person_id, step_id) of people who have a message of a step that waits."""
    chosen: pa.Table
    """`CHOICES_SCHEMA`."""
    leavers: list[dict[str, Any]]
    """Unsubscribes beside the messages that left; those of the last tick where only a few people are asked about."""
    tables: Tables
    """What the shop's own log taught about single people."""
    spared: pa.Array
    """Whom a slip of a lane touches, by the ids that are asked about."""


def know(
    uow: UnitOfWork,
    plan: Plan,
    guardrails: Guardrails,
    as_of: datetime,
    ids: Sequence[str],
    steps: pa.ChunkedArray,
    *,
    is_few: bool,
) -> Known:
    """Read what decisions about these people and step ids need; with `is_few` nothing grows with the shop or plan."""
    shop_id, only = plan.shop_id, ids if is_few else None
    due = set(pc.unique(steps).to_pylist())
    kept = uow.leavers.kept(shop_id) if is_few else None
    since = as_of - _longest(guardrails)
    sent, lineage = uow.outbox.recent(shop_id, since, plan.id, only), uow.amendments.lineage(plan.id)
    return Known(
        state=uow.person_state.get(shop_id, ids),
        sent=pa.concat_tables([sent, sent_elsewhere(uow, shop_id, (since, as_of), ids, is_few=is_few)]),
        quarter=uow.outbox.recent(shop_id, as_of - WINDOW, plan.id, only),
        budget_millis=uow.budget_ledger.remaining_millis(plan.id) - uow.outbox.planned_millis(plan.id),
        granted=uow.outbox.granted(plan.id, _limited(plan, due)),
        triggered=uow.triggers.steps_of(plan.id, due, only),
        told=uow.notices.told(shop_id, as_of - NOTICE_WINDOW, only),
        lineage=lineage,
        messaged=uow.notices.with_message(lineage, [step.id for step in plan.steps() if step.window_days], only),
        chosen=uow.preferences.table(shop_id, only),
        leavers=uow.leavers.rows(shop_id) if kept is None else kept,
        tables=_tables(uow, shop_id),
        spared=spared_people(uow, shop_id, ids, is_few=is_few),
    )


def _tables(uow: UnitOfWork, shop_id: str) -> Tables:
    found = tables_of(uow.effects.get(shop_id), uow.effects.trees(shop_id))
    for kind, why in found.refused.items():
        LOG.warning("trees_not_used", shop_id=shop_id, kind=kind, why=why)
    return found


def sent_elsewhere(
    uow: UnitOfWork, shop_id: str, within: tuple[datetime, datetime], ids: Sequence[str], *, is_few: bool
) -> pa.Table:
    """Give what other tools sent to these people within an interval, under the ids that are asked about.

    `SENT_SCHEMA`, of no plan.
    """
    if is_few:
        now_of = uow.identities.people_of(ids)
        members = uow.identities.subjects_of(set(now_of.values()))
        everybody = {subject for each in members.values() for subject in each}
        slots = uow.outside_sends.cap_slots(everybody, *within)
        sends = as_table([(slot.person_id, slot.message_class, slot.claimed_at) for slot in slots])
    else:
        sends = uow.outside_sends.since(shop_id, *within)
        now_of = uow.identities.people_of(ids) if sends.num_rows else {}
    if not sends.num_rows:
        return SENT_SCHEMA.empty_table()
    owners = uow.identities.people_of(pc.unique(sends["subject_id"]).to_pylist())
    asked = pa.table([list(now_of), list(now_of.values())], names=["person_id", "owner"])
    known = pa.table([list(owners), list(owners.values())], names=["subject_id", "owner"])
    found = sends.join(known, "subject_id", join_type="inner").join(asked, "owner", join_type="inner")
    found = found.append_column("plan_id", pa.repeat("", found.num_rows))
    return found.select(SENT_SCHEMA.names).cast(SENT_SCHEMA)


def _limited(plan: Plan, due: set[str]) -> set[str]:
    """Give the offers of due steps that may be granted so often only; of others nobody needs the number."""
    limited = {offer.id for offer in plan.offers if offer.limits.max_granted is not None}
    return limited & {step.offer_id for step in plan.steps() if step.id in due and step.offer_id}


def _longest(guardrails: Guardrails) -> timedelta:
    return timedelta(days=max((cap.window_days for cap in guardrails.frequency_caps), default=1))
