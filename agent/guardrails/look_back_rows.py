"""The rows a look back holds other limits against: messages that left, and decisions that limits forced to nothing.

Both carry what their decision was fed with (`decision_inputs`); everything stays in tables, whatever the shop's size.
"""

from datetime import datetime

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.facts import INSTANT
from memory.lake.view import LakeView

LAKE_TABLES = ("decisions", "decision_options", "decision_inputs")
READ = (
    "person_id", "cohort", "arm", "step_id", "channel", "message_kind", "message_class", "offer_id", "market",
    "language", "zone", "send_at", "local_minute", "local_weekday", "is_local_holiday", "has_consent", "is_suppressed",
    "last_order_at", "cap_rate", "n_sent_window", "n_promotional", "n_value", "discount_rate", "worst_margin_rate",
    "price_ratio", "value_millis", "cost_millis",
)  # fmt: skip
"""What rules read of a candidate, and what it was worth."""
KEY = ("batch_id", "plan_id", "step_id", "person_id", "channel")


def left_rows(view: LakeView, messages: pa.Table) -> pa.Table:
    """Give messages with the inputs of their decisions, hours and instants those of the hand-off.

    `messages` as `LeftMessages.between` gives them. A message whose inputs are not kept is left out.
    """
    names = ("send_key", *KEY, "zone", "cost_millis", "claimed_at")
    left = view.memory_table("look_left", _local(messages.select(names)))
    inputs = view.raw("decision_inputs")
    inputs = inputs.semi_join(left.select("batch_id").distinct(), "batch_id").select("batch_id", "plan_id", *READ)
    joined = left.join(inputs.drop("zone", "local_minute", "local_weekday", "send_at", "cost_millis"), list(KEY))
    first = joined.distinct(on="send_key", keep="first")  # a step that waits stands once per day of its window
    return first.mutate(send_at=first.handed_at).drop("handed_at", "batch_id").to_pyarrow()


def opened_rows(view: LakeView, shop_id: str, since: datetime, until: datetime) -> pa.Table:
    """Give candidates that a limit held back where nothing was sent, with `decision_id` and every reason."""
    made = view.raw("decisions")
    made = made.filter(
        made.shop_id == shop_id, made.slot_at >= ibis.literal(since), made.slot_at < ibis.literal(until),
        made.arm == "treated", made.chosen == "none",
    )  # fmt: skip
    made = made.select("batch_id", "decision_id", "plan_id", "step_id", "person_id")
    options = view.raw("decision_options")
    options = options.filter(~options.allowed, options.reasons.length() > 0)
    options = options.select("batch_id", "decision_id", "channel", "reasons")
    inputs = view.raw("decision_inputs").select("batch_id", "plan_id", *READ)
    joined = made.join(options, ["batch_id", "decision_id"]).join(inputs, list(KEY))
    return joined.distinct(on=("decision_id", "channel"), keep="first").drop("batch_id").to_pyarrow()


def _local(messages: pa.Table) -> pa.Table:
    """Add the local minute and weekday of each hand-off; a loop over zones, of which there are few."""
    at = pc.cast(messages["claimed_at"], INSTANT).combine_chunks()
    zones = messages["zone"].combine_chunks()
    minute, weekday = np.zeros(len(at), np.int32), np.zeros(len(at), np.int32)
    for zone in zones.unique().to_pylist():
        here = pc.equal(zones, zone).to_numpy(zero_copy_only=False)
        local = pc.local_timestamp(at.filter(pa.array(here)).cast(pa.timestamp("us", zone or "UTC")))
        minute[here] = pc.add(pc.multiply(pc.hour(local), 60), pc.minute(local)).to_numpy(zero_copy_only=False)
        weekday[here] = pc.day_of_week(local).to_numpy(zero_copy_only=False)
    more = {"handed_at": at, "local_minute": pa.array(minute), "local_weekday": pa.array(weekday)}
    for name, column in more.items():
        messages = messages.append_column(name, column)
    return messages
