"""How long goods last: the average consumption cycle per article or category, from repeat purchases (S1-28, S2-48).

A cycle is the time from one purchase of an article to the same person's next one, per unit bought. More units last
longer, but not always as many times as long: who buys to sell on, or what is eaten the same week, comes back as soon.
So the time goes with a power of the quantity that the shop's own purchases tell: 1 where they tell nothing (three
times the quantity lasts three times as long), 0 where the quantity makes no difference. What a person still had at
home from earlier purchases is not known and not guessed.
"""

from datetime import datetime

import ibis
import ibis.expr.types as ir

from memory.lake.view import LakeView
from tools.profile.purchases import valid_lines

MIN_CYCLES = 5
"""Repeat purchases an average needs; below, the article takes its category's."""
Z_80 = 1.2816
"""Two-sided 80 % of the normal law."""
DAY_SECONDS = 86_400
POWER_ERROR = 0.5
"""Standard error of the belief, before any purchase is seen, that the time goes with the quantity (power 1)."""
LEAST_VARIANCE = 1e-6
LEAD_SECONDS = 3 * DAY_SECONDS
"""The reminder comes so long before the likely day, but never outside the interval."""


def cycles(view: LakeView, as_of: datetime) -> ir.Table:
    """Give (cycle_sku, unit_seconds, unit_sd, n_cycles, power): how long a unit lasts, by article, else by category.

    So many units last `quantity ** power` times as long; the power is the shop's and the same in each row.
    """
    timed = gaps(view, as_of)
    power = _power(timed)
    by_unit = timed.cross_join(power).mutate(unit_seconds=lambda rows: rows.seconds / rows.quantity.pow(rows.power))
    by_sku = _averages(by_unit, "sku").rename(own_sku="sku")
    by_category = _averages(by_unit, "category").rename(
        shared_category="category", c_seconds="unit_seconds", c_sd="unit_sd", c_cycles="n_cycles"
    )
    lines = valid_lines(view, as_of)
    goods = lines.group_by(cycle_sku=lines.sku).agg(category=lines.category.max())
    both = goods.left_join(by_sku, goods.cycle_sku == by_sku.own_sku).drop("own_sku")
    both = both.left_join(by_category, both.category == by_category.shared_category)
    known = both.select(
        "cycle_sku",
        unit_seconds=ibis.coalesce(both.unit_seconds, both.c_seconds),
        unit_sd=ibis.coalesce(both.unit_sd, both.c_sd),
        n_cycles=ibis.coalesce(both.n_cycles, both.c_cycles),
    )
    return known.filter(known.unit_seconds.notnull()).cross_join(power)


def run_outs(view: LakeView, people: ir.Table, as_of: datetime, every: ir.Table) -> ir.Table:
    """Give when what each person bought last runs out: person_id, sku, quantity, and four instants.

    `every` is what `cycles` gives. `runs_out_at` lies `quantity ** power` cycles after the purchase, `low_at` and
    `high_at` are its 80 % interval by the spread of the cycles, `remind_at` is 3 days before it and inside that.
    """
    last = _orders(view, as_of).semi_join(people, "person_id")
    newest = ibis.struct({"at": last.event_at, "quantity": last.quantity})
    held = last.group_by(["person_id", "sku"]).agg(last=newest.max())
    held = held.mutate(bought_at=held.last["at"].epoch_seconds(), quantity=held.last["quantity"]).drop("last")
    known = held.inner_join(every, held.sku == every.cycle_sku)
    times = known.quantity.pow(known.power)
    middle = known.bought_at + times * known.unit_seconds
    spread = Z_80 * times * known.unit_sd
    low = ibis.greatest(middle - spread, known.bought_at + DAY_SECONDS)
    high = ibis.greatest(middle + spread, low)
    wide = known.mutate(middle_s=middle, low_s=low, high_s=high)
    wide = wide.mutate(remind_s=ibis.least(ibis.greatest(wide.middle_s - LEAD_SECONDS, wide.low_s), wide.high_s))
    instants = {
        f"{name}_at": wide[f"{short}_s"].round().cast("int64").as_timestamp("s")
        for name, short in (("runs_out", "middle"), ("low", "low"), ("high", "high"), ("remind", "remind"))
    }
    return wide.select("person_id", "sku", "quantity", "n_cycles", **instants)


def _orders(view: LakeView, as_of: datetime) -> ir.Table:
    """Give one row per person, article and order: units and instant; presents left out."""
    lines = valid_lines(view, as_of)
    own = lines.filter(~lines.is_gift, lines.quantity > 0)
    return own.group_by(["person_id", "sku", "order_fact_id"]).agg(
        quantity=own.quantity.sum().cast("int64"), event_at=own.event_at.max(), category=own.category.max()
    )


def gaps(view: LakeView, as_of: datetime) -> ir.Table:
    """Give (sku, category, quantity, seconds): units of a purchase and the time to the next one of the same article."""
    orders = _orders(view, as_of)
    window = ibis.window(group_by=[orders.person_id, orders.sku], order_by=[orders.event_at, orders.order_fact_id])
    later = orders.mutate(next_at=orders.event_at.lead().over(window))
    later = later.mutate(seconds=later.next_at.epoch_seconds() - later.event_at.epoch_seconds())
    later = later.filter(later.next_at.notnull(), later.seconds >= DAY_SECONDS)
    return later.select("sku", "category", "quantity", "seconds")


def _power(timed: ir.Table) -> ir.Table:
    """Give one row (power): by how much the time goes with the quantity, between 0 and 1.

    A regression of log time on log quantity within articles, drawn to 1 by `POWER_ERROR` as a normal prior; 1 where
    nobody bought one article in different quantities.
    """
    logs = timed.select("sku", x=timed.quantity.cast("float64").ln(), y=timed.seconds.cast("float64").ln())
    own = ibis.window(group_by=logs.sku)
    apart = logs.mutate(x=logs.x - logs.x.mean().over(own), y=logs.y - logs.y.mean().over(own))
    sums = apart.agg(
        n_free=apart.count() - apart.sku.nunique() - 1,
        xx=(apart.x * apart.x).sum(),
        xy=(apart.x * apart.y).sum(),
        yy=(apart.y * apart.y).sum(),
    )
    rest = (sums.yy - sums.xy * sums.xy / sums.xx) / sums.n_free
    variance = ibis.greatest(rest, ibis.literal(LEAST_VARIANCE))
    belief = 1 / POWER_ERROR**2
    found = (sums.xy / variance + belief) / (sums.xx / variance + belief)
    is_told = (sums.n_free > 0) & (sums.xx > 0)
    bounded = ibis.greatest(ibis.least(found, ibis.literal(1.0)), ibis.literal(0.0))
    return sums.select(power=ibis.ifelse(is_told, bounded, ibis.literal(1.0)))


def _averages(by_unit: ir.Table, by: str) -> ir.Table:
    known = by_unit.filter(by_unit[by].notnull())
    found = known.group_by(by).agg(
        unit_seconds=known.unit_seconds.mean(), unit_sd=known.unit_seconds.std(), n_cycles=known.count()
    )
    return found.filter(found.n_cycles >= MIN_CYCLES)
