"""What other limits would have blocked, let through or cost in a past period, over what left and what was decided."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.guardrails import Guardrails
from memory.domain.market import Market
from memory.domain.money import Currency, Money
from memory.lake.lake import Lake
from memory.lake.view import LakeView
from memory.store.engine import Store

from .differences import changed_fields
from .look_back_caps import held_by_caps, with_window_counts
from .look_back_plans import plan_effects
from .look_back_record import Basis, LimitEffect, LookBack
from .look_back_rows import LAKE_TABLES, left_rows, opened_rows
from .rule import Limits, Rule
from .rules import (
    channels,
    discount_ceiling,
    frequency_cap,
    languages,
    margin_floor,
    price_floor,
    promo_ratio,
    quiet_hours,
    recent_buyer,
)

DAYS = 30
ROW_RULES: dict[str, tuple[Rule, Basis]] = {
    "min_price_ratio": (price_floor.RULE, "rows"),
    "min_margin_rate": (margin_floor.RULE, "rows"),
    "discount_ceiling": (discount_ceiling.RULE, "rows"),
    "frequency_caps": (frequency_cap.RULE, "rows"),
    "recent_buyer_days": (recent_buyer.RULE, "rows"),
    "quiet_hours": (quiet_hours.RULE, "hours"),
    "legal_hours": (quiet_hours.RULE, "hours"),
    "max_promo_share": (promo_ratio.RULE, "rows"),
    "languages": (languages.RULE, "rows"),
    "channels": (channels.RULE, "rows"),
}
"""Limits that are held against single messages, with the rule that does it."""


def look_back(
    store: Store, lake: Lake, markets: Sequence[Market], shop_id: str, wanted: Guardrails, now: datetime,
    days: int = DAYS,
) -> LookBack:  # fmt: skip
    """Give what `wanted` in place of the limits in force would have done in the last `days` days.

    Where the last message left longer ago than that, the period ends with the last day on which one did. Each limit is
    looked at alone; the sums at the top count a message once. Raise `NotReady` where the shop has no limits.
    """
    with store.read() as uow:
        current = uow.guardrails.current(shop_id)
        last = uow.left_messages.last_at(shop_id)
        is_recent = last is None or last >= now - timedelta(days=days)
        until = now if is_recent or last is None else last + timedelta(days=1)
        since = until - timedelta(days=days)
        longest = max((cap.window_days for cap in (*current.frequency_caps, *wanted.frequency_caps)), default=0)
        messages = uow.left_messages.between(shop_id, since, until)
        history = uow.left_messages.between(shop_id, since - timedelta(days=longest), until)
        versions = {name: n for name, n in uow.batches.lake_versions().items() if name in LAKE_TABLES}
        currency = uow.shops.get(shop_id).currency
    fields = [name for name in changed_fields(current, wanted) if name in ROW_RULES]
    with lake.open(versions, [shop_id]) as view:
        left = left_rows(view, messages)
        marks = _blocked(view, left, history, current, wanted, fields, markets)
        opened = _opened(view, history, (shop_id, since, until), current, wanted, fields, markets)
    with store.read() as uow:
        by_plan = plan_effects(uow, current, wanted, left, currency)
    found = [_row_effect(name, left, marks[name], opened.get(name, _nothing()), currency) for name in fields]
    in_any = by_plan.held
    for mark in marks.values():
        in_any = pc.or_(in_any, mark)
    total = left.filter(in_any)
    order = list(Guardrails.model_fields)
    return LookBack(
        since=since, until=until, is_recent=is_recent, n_messages=messages.num_rows,
        cost=_money(messages, "cost_millis", currency), n_unknown=messages.num_rows - left.num_rows,
        n_blocked=total.num_rows, cost_blocked=_money(total, "cost_millis", currency),
        value_blocked=_money(total, "value_millis", currency),
        effects=tuple(sorted((*found, *by_plan.effects), key=lambda one: order.index(one.field))),
    )  # fmt: skip


def _blocked(
    view: LakeView, left: pa.Table, history: pa.Table, current: Guardrails, wanted: Guardrails, fields: Sequence[str],
    markets: Sequence[Market],
) -> dict[str, pa.Array]:  # fmt: skip
    """Give, per changed field, which messages it alone would have held back and the limits in force would not."""
    marks: dict[str, Any] = {}
    for name in fields:
        if name == "frequency_caps":
            caps = (current.frequency_caps, wanted.frequency_caps)
            marks[name] = held_by_caps(left, history, *caps)
    rows = view.memory_table("look_rows", left)
    verdicts: dict[str, ir.Value] = {}
    for name in fields:
        if name in marks:
            continue
        alone = current.model_copy(update={name: getattr(wanted, name)})
        verdicts[name] = _verdict(name, rows, alone, markets) & ~_verdict(name, rows, current, markets)
    if verdicts:
        found = rows.select("send_key", **verdicts).to_pyarrow()
        place = pc.index_in(left["send_key"], value_set=found["send_key"])
        marks |= {name: found[name].take(place) for name in verdicts}
    return {name: marks[name] for name in fields}


def _opened(
    view: LakeView, history: pa.Table, where: tuple[str, datetime, datetime], current: Guardrails, wanted: Guardrails,
    fields: Sequence[str], markets: Sequence[Market],
) -> Mapping[str, Mapping[str, int]]:  # fmt: skip
    """Give, per changed field, the decisions that stood still for its rule alone and would not have."""
    if not fields:
        return {}
    held = opened_rows(view, *where)
    if "frequency_caps" in fields:
        held = with_window_counts(held, history, current.frequency_caps, wanted.frequency_caps)
    rows, found = view.memory_table("look_held", held), {}
    for name in fields:
        rule, _ = ROW_RULES[name]
        is_alone = (rows.reasons.length() == 1) & rows.reasons.contains(rule.id)
        free = rows.filter(is_alone & ~_verdict(name, rows, wanted, markets))
        best = free.group_by("decision_id").agg(
            value=free.value_millis.max(), cost=free.cost_millis.argmax(free.value_millis)
        )
        worth = best.value > 0
        sums = best.aggregate(
            n=best.count(), n_worth=best.count(where=worth),
            cost=ibis.coalesce(best.cost.sum(where=worth), 0).cast("int64"),
            value=ibis.coalesce(best.value.sum(where=worth), 0).cast("int64"),
        )  # fmt: skip
        found[name] = sums.to_pyarrow().to_pylist()[0]
    return found


def _verdict(name: str, rows: ir.Table, guardrails: Guardrails, markets: Sequence[Market]) -> ir.BooleanValue:
    rule, _ = ROW_RULES[name]
    verdict = rule.blocked(rows, Limits(guardrails=guardrails, markets=tuple(markets)))
    assert verdict is not None, f"{rule.id} says nothing about rows"
    return verdict.fill_null(True)


def _row_effect(name: str, left: pa.Table, mark: Any, opened: Mapping[str, int], currency: Currency) -> LimitEffect:
    held = left.filter(mark)
    return LimitEffect(
        field=name, basis=ROW_RULES[name][1], n_blocked=held.num_rows,
        cost_blocked=_money(held, "cost_millis", currency), value_blocked=_money(held, "value_millis", currency),
        n_opened=opened["n"], n_worth=opened["n_worth"],
        cost_opened=Money(amount_minor=round(opened["cost"] / 1000), currency=currency),
        value_opened=Money(amount_minor=round(opened["value"] / 1000), currency=currency),
    )  # fmt: skip


def _money(rows: pa.Table, column: str, currency: Currency) -> Money:
    return Money(amount_minor=round((pc.sum(rows[column]).as_py() or 0) / 1000), currency=currency)


def _nothing() -> Mapping[str, int]:
    return {"n": 0, "n_worth": 0, "cost": 0, "value": 0}
