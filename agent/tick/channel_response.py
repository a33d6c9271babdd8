"""What a shop's own messages said of a channel, added to an option's effect: where it is sure, and of nothing else."""

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.experiment import Interval
from memory.domain.learned import ShopEffects
from memory.lake.view import LakeView
from tools.experiments.intervals import normal_quantile

RESPONSES_SCHEMA = pa.schema(
    [
        ("of_cohort", pa.string()),
        ("of_channel", pa.string()),
        ("of_first", pa.string()),
        ("more_orders", pa.float64()),
        ("more_error", pa.float64()),
    ]
)


def sure_channels(learned: ShopEffects | None) -> pa.Table:
    """Give `RESPONSES_SCHEMA`: channels that surely differ from their steps' first, per cohort."""
    rows = [
        (one.cohort, one.channel, one.against, one.shrunk.estimate, (one.shrunk.high - one.shrunk.estimate) / _Z)
        for one in (learned.responses if learned else ())
        if one.against and one.is_sure and isinstance(one.shrunk, Interval)
    ]
    return pa.Table.from_pylist([dict(zip(RESPONSES_SCHEMA.names, row, strict=True)) for row in rows], RESPONSES_SCHEMA)


_Z = normal_quantile(0.95)


def with_channel_response(table: ir.Table, view: LakeView, learned: ShopEffects | None) -> ir.Table:
    """Add the difference to the effect of options on such a channel, its error to the effect's; the source says so.

    `table` has cohort, channel, first_channel, is_fallback and the three columns of an effect. A second channel is left
    alone: it follows a message that nobody reacted to.
    """
    sure = sure_channels(learned)
    if learned is None or not sure.num_rows:
        return table
    known = view.memory_table("channel_responses", sure)
    joined = table.left_join(
        known,
        [table.cohort == known.of_cohort, table.channel == known.of_channel, table.first_channel == known.of_first],
    )
    applies = joined.more_orders.notnull() & ~joined.is_fallback
    mean, sd = ibis.coalesce(joined.effect_mean, 0.0), ibis.coalesce(joined.effect_sd, 0.0)
    source = ibis.coalesce(joined.effect_source, "none") + f" + response:v{learned.data_version}"
    return joined.mutate(
        effect_mean=ibis.ifelse(applies, mean + joined.more_orders, joined.effect_mean),
        effect_sd=ibis.ifelse(applies, (sd * sd + joined.more_error * joined.more_error).sqrt(), joined.effect_sd),
        effect_source=ibis.ifelse(applies, source, joined.effect_source),
    ).drop(*RESPONSES_SCHEMA.names)
