"""What other guardrails would have left of the options: the log's rows are judged anew by the guardrails themselves.

The log keeps an option's outcome, not all that the rules read, so rows are rebuilt from plan, decisions and orders and
judged twice: by the limits of then and by the other ones. Only where the two differ is the log's word changed.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from agent.guardrails import guard
from agent.tick.candidates import step_table
from memory.domain.facts import CANDIDATES_SCHEMA
from memory.domain.guardrails import Guardrails
from memory.domain.market import Shop
from memory.domain.plan import Plan
from memory.lake.view import LakeView
from tools.markets import load_markets
from tools.offpolicy.log import Ints
from tools.profile import purchases
from tools.timing.windows import is_holiday

from .reading import Logged
from .sent_so_far import SentSoFar

Flags = npt.NDArray[np.bool_]
REBUILT = ("channels", "discount_ceiling", "frequency_cap", "languages", "margin_floor", "message_class", "price_floor",
           "promo_ratio", "quiet_hours", "recent_buyer")  # fmt: skip
"""Rules whose every column can be rebuilt; consent, suppression and goods stay as they were."""
OF_STEP = ("message_kind", "message_class", "discount_rate", "worst_margin_rate", "price_ratio")
ALWAYS: dict[str, Any] = {"arm": "treated", "journey_id": "", "has_consent": True, "is_suppressed": False,
                          "cap_rate": 1.0, "effect_mean": 0.0, "effect_sd": 0.0, "effect_source": ""}  # fmt: skip


def under_limits(
    view: LakeView, log: Logged, plan: Plan, shop: Shop, known: Mapping[str, Guardrails], other: Guardrails
) -> Logged:
    """Give the log with what other guardrails would have left to choose from; `known` are the shop's by version."""
    if not log.options.num_rows:
        return log
    sent, rows = SentSoFar(log, plan), _rebuilt(view, log, plan, shop)
    was = np.zeros(log.options.num_rows, dtype=np.bool_)
    looser = np.zeros(log.options.num_rows, dtype=np.bool_)
    version = log.decisions["guardrail_version"].take(pa.array(log.trail.decision))
    for name in pc.unique(version).to_pylist():
        of_version = np.asarray(pc.equal(version, name).to_numpy(zero_copy_only=False))
        was[of_version] = _allowed(view, rows, sent, plan, known[name], f"hindsight_{name[:12]}")[of_version]
        looser[of_version] = _has_looser_cap(rows, known[name], other)[of_version]
    now = _allowed(view, rows, sent, plan, other, "hindsight_other")
    allowed = np.asarray(log.options["allowed"].to_numpy(zero_copy_only=False), dtype=np.bool_)
    beyond_cap = allowed & ~log.trail.available
    opened = (now & ~was & ~allowed & _only_rebuilt(log)) | (beyond_cap & now & looser)
    available = (log.trail.available & (now | ~was)) | opened
    available = _within_caps(log, sent, rows, other, available)
    return replace(log, trail=replace(log.trail, available=available))


def _rebuilt(view: LakeView, log: Logged, plan: Plan, shop: Shop) -> pa.Table:
    """Give `CANDIDATES_SCHEMA` but for what depends on the guardrails' windows, a row per option."""
    of_decision = pa.array(log.trail.decision)
    of = log.decisions.select(["person_id", "cohort", "step_id", "market", "zone", "language"]).take(of_decision)
    columns = {name: of[name] for name in of.column_names}
    columns |= {name: log.options[name] for name in ("option_id", "channel", "offer_id", "send_at", "value_millis",
                                                     "cost_millis")}  # fmt: skip
    steps = step_table(plan, shop)
    keys = pc.binary_join_element_wise(steps["step_id"], steps["step_channel"], "\x1f").combine_chunks()
    place = pc.index_in(pc.binary_join_element_wise(of["step_id"], log.options["channel"], "\x1f"), keys)
    columns |= {name: steps[name].take(place) for name in OF_STEP}
    columns |= _local(log.options["send_at"], of["zone"], of["market"])
    columns["last_order_at"] = _last_orders(view, log, shop).take(of_decision)
    n = log.options.num_rows
    columns |= {name: pa.repeat(value, n) for name, value in ALWAYS.items()}
    return pa.table(columns)


def _local(send_at: pa.ChunkedArray, zone: pa.ChunkedArray, market: pa.ChunkedArray) -> dict[str, pa.Array]:
    """Give the local minute, weekday and holiday; places and instants are few, so they are worked out once each."""
    rows = pa.table({"at": send_at, "zone": zone, "market": market})
    kinds = rows.group_by(["at", "zone", "market"], use_threads=False).aggregate([])
    found = []
    for row in kinds.to_pylist():
        local = row["at"].astimezone(ZoneInfo(row["zone"] or "UTC"))
        holiday = is_holiday(local.date(), row["market"] or "")
        found.append((local.hour * 60 + local.minute, local.weekday(), holiday))
    keys = [_key(table) for table in (kinds, rows)]
    place = pc.index_in(keys[1], keys[0].combine_chunks())
    minute, weekday, holiday_ = (pa.array(column) for column in zip(*found, strict=True))
    return {
        "local_minute": minute.cast(pa.int32()).take(place),
        "local_weekday": weekday.cast(pa.int32()).take(place),
        "is_local_holiday": holiday_.take(place),
    }


def _key(table: pa.Table) -> pa.ChunkedArray:
    at = table["at"].cast(pa.int64()).cast(pa.string())
    return pc.binary_join_element_wise(at, pc.fill_null(table["zone"], ""), pc.fill_null(table["market"], ""), "\x1f")


def _last_orders(view: LakeView, log: Logged, shop: Shop) -> pa.ChunkedArray:
    """Give per decision the person's last order up to its slot; null for none."""
    slots = log.decisions.select(["decision_id", "person_id", "slot_at"])
    last = slots["slot_at"].combine_chunks()
    asked = view.memory_table("hindsight_slots", slots)
    orders = purchases(view, shop, pc.max(last).as_py()).select(buyer="person_id", at="event_at")
    both = asked.inner_join(orders, [asked.person_id == orders.buyer, orders.at <= asked.slot_at])
    found = both.group_by("decision_id").aggregate(last=both.at.max()).to_pyarrow()
    place = pc.index_in(log.decisions["decision_id"], found["decision_id"].combine_chunks())
    kept: pa.ChunkedArray = found["last"].cast(CANDIDATES_SCHEMA.field("last_order_at").type).take(place)
    return kept


def _allowed(view: LakeView, rows: pa.Table, sent: SentSoFar, plan: Plan, guardrails: Guardrails, name: str) -> Flags:
    """Judge the rows by these guardrails."""
    n_window = sent.in_window(rows["message_class"], guardrails)
    counted = rows.append_column("n_sent_window", pa.array(n_window))
    for column, name_of_class in (("n_promotional", "promotional"), ("n_value", "service")):
        counted = counted.append_column(column, pa.array(sent.so_far(name_of_class)))
    ordered = counted.select(CANDIDATES_SCHEMA.names).cast(CANDIDATES_SCHEMA)
    numbered = ordered.append_column("row_number", pa.array(np.arange(rows.num_rows)))
    table = view.memory_table(name, numbered)
    judged = guard(table, guardrails, markets=tuple(load_markets().all()), brief=plan.brief)
    found = judged.order_by(ibis.asc("row_number")).select("allowed").to_pyarrow()
    return np.asarray(found["allowed"].to_numpy(zero_copy_only=False), dtype=np.bool_)


def _only_rebuilt(log: Logged) -> Flags:
    """Say per option whether every reason against it can be judged anew."""
    reasons = log.options["reasons"].combine_chunks()
    other = pc.invert(pc.is_in(pc.list_flatten(reasons), pa.array(REBUILT)))
    n_other = np.bincount(
        pc.list_parent_indices(reasons).to_numpy(), other.to_numpy(zero_copy_only=False), log.options.num_rows
    )
    return np.asarray(n_other == 0, dtype=np.bool_)


def _caps(guardrails: Guardrails) -> dict[str, int]:
    return {cap.message_class: cap.max_messages for cap in guardrails.frequency_caps}


def _has_looser_cap(rows: pa.Table, was: Guardrails, other: Guardrails) -> Flags:
    before, after = _caps(was), _caps(other)
    looser = [name for name, most in before.items() if after.get(name, most + 1) > most]
    return np.asarray(pc.is_in(rows["message_class"], pa.array(looser, pa.string())).to_numpy(zero_copy_only=False))


def _within_caps(log: Logged, sent: SentSoFar, rows: pa.Table, guardrails: Guardrails, available: Flags) -> Flags:
    """Take from decisions of one tick, person and class what the cap has no room for, the least valuable first."""
    trail, caps = log.trail, _caps(guardrails)
    classes = rows["message_class"].take(pa.array(trail.starts))
    most = np.array([caps.get(name, 10**6) for name in classes.to_pylist()], dtype=np.int64)
    free = most - sent.in_window(rows["message_class"], guardrails)[trail.starts]
    top = np.maximum.reduceat(np.where(available, trail.net, -(2**62)), trail.starts)
    slot = log.decisions["slot_at"].cast(pa.int64()).to_numpy()
    kind = classes.combine_chunks().dictionary_encode().indices.to_numpy()
    rank = _rank(trail.person, slot, kind, -top)
    fits: Flags = (rank < free)[trail.decision]
    return available & fits


def _rank(person: Ints, slot: Ints, kind: Ints, order: Ints) -> Ints:
    """Give each decision's place among those of its person, slot and class."""
    rank = np.empty(len(person), dtype=np.int64)
    by = np.lexsort((np.arange(len(person)), order, kind, slot, person))
    keys = np.stack([person, slot, kind])[:, by]
    first = np.flatnonzero(np.append(True, np.any(keys[:, 1:] != keys[:, :-1], axis=0)))
    rank[by] = np.arange(len(by)) - np.repeat(first, np.diff(np.append(first, len(by))))
    return rank
