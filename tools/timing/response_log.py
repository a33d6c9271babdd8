"""A shop's own log of messages whose channel or hour chance had a part in, with the orders that followed.

An order counts within so many days of the instant at which the message was planned, whichever hour was drawn: both
sides of a contrast then have the same window. Opens and clicks are not looked at.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.market import Shop
from memory.lake.view import LakeView
from tools.profile import valid_orders

CUT = ("budget", "offer_used_up")
"""Decisions that money or grants cut: who stays is not chance's, so a plan's batch with any is left out."""
FIRST_SCHEMA = pa.schema([("plan_id", pa.string()), ("step_id", pa.string()), ("first_channel", pa.string())])
"""Each step's first channel."""
WITHIN_DAYS = 7
"""Days after a message in which an order counts."""


def response_rows(view: LakeView, shop: Shop, batch_ids: Iterable[str], firsts: pa.Table, as_of: datetime) -> pa.Table:
    """Give one row per message to a treated person whose window is over, in order of decision.

    Columns: person_id, cohort, channel, first_channel, propensity of the channel, channels that had a chance,
    hour_no, hour_propensity, hour_choices (null where no hour was drawn), has_order. `firsts` is `FIRST_SCHEMA`.
    """
    batches = view.memory_table("response_batches", pa.table({"batch_id": pa.array(sorted(batch_ids), pa.string())}))
    rows = _messages(view, shop, batches, view.memory_table("first_channels", firsts))
    rows = rows.filter(rows.send_at <= ibis.literal(as_of - timedelta(days=WITHIN_DAYS)))
    rows = _with_orders(view, shop, view.present(rows), as_of)
    found: pa.Table = rows.order_by(["decision_id", "batch_id"]).to_pyarrow()
    return found


def _messages(view: LakeView, shop: Shop, batches: ir.Table, firsts: ir.Table) -> ir.Table:
    decisions, options = view.raw("decisions"), view.raw("decision_options")
    cut = decisions.filter(decisions.chosen_reason.isin(CUT)).select("batch_id", "plan_id").distinct()
    mine = decisions.filter(decisions.shop_id == shop.shop_id, decisions.arm == "treated", ~decisions.is_fallback)
    mine = mine.semi_join(batches, "batch_id").anti_join(cut, ["batch_id", "plan_id"])
    sent = mine.filter(mine.chosen != "none").inner_join(firsts, ["plan_id", "step_id"])
    had = options.filter(options.propensity > 0)
    had = had.group_by(of_batch=had.batch_id, of_decision=had.decision_id).agg(channels=had.channel.collect())
    taken = options.select(
        in_batch="batch_id", in_decision="decision_id", option="option_id", channel="channel", send_at="send_at",
        chance="propensity",
    )  # fmt: skip
    joined = sent.inner_join(had, [sent.batch_id == had.of_batch, sent.decision_id == had.of_decision])
    joined = joined.inner_join(
        taken,
        [joined.batch_id == taken.in_batch, joined.decision_id == taken.in_decision, joined.chosen == taken.option],
    )
    return joined.select(
        "batch_id", "decision_id", "person_id", "cohort", "channel", "first_channel", "channels", "send_at", "hour_no",
        "hour_propensity", "hour_choices", propensity=joined.chance,
    )  # fmt: skip


def _with_orders(view: LakeView, shop: Shop, rows: ir.Table, as_of: datetime) -> ir.Table:
    orders = valid_orders(view, as_of)
    orders = orders.filter(orders.shop_id == shop.shop_id).select(buyer="person_id", bought_at="event_at")
    joined = rows.inner_join(orders, rows.person_id == orders.buyer)
    until = joined.send_at + ibis.interval(days=WITHIN_DAYS)
    inside = joined.filter(joined.bought_at > joined.send_at, joined.bought_at <= until)
    bought = inside.select(of_batch="batch_id", of_decision="decision_id").distinct()
    bought = bought.mutate(has_order=ibis.literal(True))
    found = rows.left_join(bought, [rows.batch_id == bought.of_batch, rows.decision_id == bought.of_decision])
    return found.mutate(has_order=ibis.coalesce(found.has_order, False)).drop("of_batch", "of_decision")
