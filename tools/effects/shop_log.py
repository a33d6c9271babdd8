"""A shop's own log as training rows: decisions in which chance took part, what was known then, what came of them.

One row per decision about a treated person that chance could have made otherwise. What it could have sent is one kind
of message; its channels count as one. Withheld decisions, the same step decided anew, and batches in which money or
grants cut a plan's decisions are left out: what happened there was not chance's.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.market import Shop
from memory.lake.view import LakeView
from tools.profile import valid_orders

from .features import MOST_MARKETS, feature, feature_names, is_at_risk, load

CUT = ("budget", "offer_used_up")
"""Reasons of decisions that money or grants cut: the best stay, so a plan's batch with any is left out whole."""
ROW_COLUMNS = (
    "message_kind", "message_class", "cohort", "plan_id", "is_sent", "send_chance", "cost_millis", "n_orders_after",
    "has_left", "load", "is_at_risk", "is_order_known", "is_leaving_known",
)  # fmt: skip
"""Columns of a training row beside its features."""


def training_rows(
    view: LakeView, shop: Shop, batch_ids: Iterable[str], as_of: datetime, *, within_days: int, left_within_days: int
) -> pa.Table:
    """Give `ROW_COLUMNS` and a float column per feature, one row per decision, in order of decision.

    `batch_ids` are batches that exist; facts and decisions are of the same view. `n_orders_after` counts purchases
    within `within_days` of the decision, `has_left` says whether the person left within `left_within_days`; either is
    known where its window is over.
    """
    batches = view.memory_table("effect_batches", pa.table({"batch_id": pa.array(sorted(batch_ids), pa.string())}))
    rows = _with_candidates(view, _chances(view, shop, batches))
    rows = view.present(rows)
    rows = _with_orders(view, shop, rows, as_of, within_days)
    rows = _with_leaving(view, shop, rows, left_within_days)
    rows = view.once("effect_rows", lambda: rows)
    markets = rows.group_by("market").agg(n=rows.count()).order_by([ibis.desc("n"), "market"])
    names = feature_names(markets.limit(MOST_MARKETS).to_pyarrow()["market"].to_pylist())

    def is_over(days: int) -> ir.BooleanValue:
        return rows.slot_at <= ibis.literal(as_of - timedelta(days=days))

    shaped = rows.mutate(
        load=load(rows),
        is_at_risk=is_at_risk(rows),
        is_order_known=is_over(within_days),
        is_leaving_known=is_over(left_within_days),
        **{name: feature(rows, name) for name in names},
    )
    found: pa.Table = shaped.order_by("decision_id").select(*ROW_COLUMNS, *names).to_pyarrow()
    return found


def _chances(view: LakeView, shop: Shop, batches: ir.Table) -> ir.Table:
    """Give decisions with the chance of sending anything, where it is neither none nor all; the first per name."""
    decisions, options = view.raw("decisions"), view.raw("decision_options")
    cut = decisions.filter(decisions.chosen_reason.isin(CUT)).select("batch_id", "plan_id").distinct()
    mine = decisions.filter(decisions.shop_id == shop.shop_id, decisions.arm == "treated")
    mine = mine.semi_join(batches, "batch_id").anti_join(cut, ["batch_id", "plan_id"])
    first = mine.group_by(first_id=mine.decision_id).agg(first_at=mine.slot_at.min())
    mine = mine.semi_join(first, [mine.decision_id == first.first_id, mine.slot_at == first.first_at])
    sums = options.group_by(of_batch=options.batch_id, of_decision=options.decision_id).agg(
        send_chance=options.propensity.sum(), cost_millis=options.cost_millis.mean(where=options.allowed)
    )
    joined = mine.inner_join(sums, [mine.batch_id == sums.of_batch, mine.decision_id == sums.of_decision])
    joined = joined.filter(joined.send_chance > 1e-9, joined.send_chance < 1 - 1e-9)
    return joined.select(
        "batch_id", "decision_id", "plan_id", "slot_at", "person_id", "step_id", "is_fallback", "send_chance",
        cost_millis=ibis.coalesce(joined.cost_millis, 0.0), is_sent=joined.chosen != "none",
    )  # fmt: skip


def _with_candidates(view: LakeView, rows: ir.Table) -> ir.Table:
    """Add what was known of the person: the same in all options of a decision, so the first one's."""
    inputs = view.raw("decision_inputs")
    first = inputs.option_id
    known = inputs.group_by(
        of_batch=inputs.batch_id, of_person=inputs.person_id, of_step=inputs.step_id, of_second=inputs.is_fallback
    ).agg(
        **{
            name: inputs[name].argmin(first)
            for name in (
                "message_kind",
                "message_class",
                "cohort",
                "market",
                "send_at",
                "n_sent_window",
                "n_promotional",
                "n_value",
            )
        },
        last_order_at=inputs.last_order_at.max(),
        cap_rate=inputs.cap_rate.max(),
    )
    return rows.inner_join(
        known,
        [
            rows.batch_id == known.of_batch, rows.person_id == known.of_person, rows.step_id == known.of_step,
            rows.is_fallback == known.of_second,
        ],
    ).drop("of_batch", "of_person", "of_step", "of_second")  # fmt: skip


def _with_orders(view: LakeView, shop: Shop, rows: ir.Table, as_of: datetime, within_days: int) -> ir.Table:
    """Count the person's purchases before the decision, and within the window after it."""
    orders = valid_orders(view, as_of)
    orders = orders.filter(orders.shop_id == shop.shop_id).select(buyer="person_id", bought_at="event_at")
    joined = rows.select("batch_id", "decision_id", "person_id", "slot_at")
    joined = joined.inner_join(orders, joined.person_id == orders.buyer)
    later = joined.bought_at > joined.slot_at
    until = joined.bought_at <= joined.slot_at + ibis.interval(days=within_days)
    counted = joined.group_by(of_batch=joined.batch_id, of_decision=joined.decision_id).agg(
        n_orders=(~later).sum(), n_orders_after=(later & until).sum()
    )
    found = rows.left_join(counted, [rows.batch_id == counted.of_batch, rows.decision_id == counted.of_decision])
    return found.mutate(
        n_orders=ibis.coalesce(found.n_orders, 0), n_orders_after=ibis.coalesce(found.n_orders_after, 0)
    ).drop("of_batch", "of_decision")


def _with_leaving(view: LakeView, shop: Shop, rows: ir.Table, within_days: int) -> ir.Table:
    """Say whether the person complained, unsubscribed or took consent back within the window."""
    events, consents = view.table("events"), view.table("consents")
    events = events.filter(events.shop_id == shop.shop_id, events.kind.isin(("complaint", "unsubscribe")))
    consents = consents.filter(consents.shop_id == shop.shop_id, consents.status == "revoked")
    left = events.select(leaver="person_id", left_at="event_at").union(
        consents.select(leaver="person_id", left_at="event_at")
    )
    joined = rows.select("batch_id", "decision_id", "person_id", "slot_at")
    joined = joined.inner_join(left, joined.person_id == left.leaver)
    inside = (joined.left_at > joined.slot_at) & (joined.left_at <= joined.slot_at + ibis.interval(days=within_days))
    found = joined.filter(inside).select(of_batch="batch_id", of_decision="decision_id").distinct()
    found = found.mutate(has_left=ibis.literal(True))
    marked = rows.left_join(found, [rows.batch_id == found.of_batch, rows.decision_id == found.of_decision])
    return marked.mutate(has_left=ibis.coalesce(marked.has_left, False)).drop("of_batch", "of_decision")
