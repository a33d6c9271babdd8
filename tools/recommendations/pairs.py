"""Which articles are bought together: counts, support and lift over the orders of a year (S1-26, S1-42).

Support is the share of all orders that hold both articles; lift is how much more often that is than if they were
bought independently (Brin, Motwani, Ullman and Tsur 1997, "Dynamic itemset counting", there called interest). A pair
counts above a smallest number of orders and a smallest lift: bestsellers meet in many baskets by chance alone.
"""

from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir

from memory.lake.view import LakeView
from tools.profile.purchases import valid_lines

WINDOW = timedelta(days=365)
MIN_TOGETHER = 5
MIN_SUPPORT_RATE = 0.0002
MIN_LIFT = 1.2
MAX_BASKET = 60
"""Orders of more articles are trade, not taste, and their pairs grow with the square."""
MAX_ARTICLES = 2_000
"""Only so many best-selling articles are paired, so that the work does not grow with the square of the range."""


def pairs(view: LakeView, as_of: datetime) -> ir.Table:
    """Give (sku, other, n_together, support_rate, lift, confidence_rate) of pairs above the thresholds, both ways."""
    return paired(baskets(view, as_of))


def baskets(view: LakeView, as_of: datetime) -> ir.Table:
    """Give the distinct (order_fact_id, sku) of the year's orders."""
    lines = valid_lines(view, as_of)
    return lines.filter(lines.event_at > ibis.literal(as_of - WINDOW)).select("order_fact_id", "sku").distinct()


def paired(items: ir.Table) -> ir.Table:
    """Give the pairs of distinct (order_fact_id, sku); `n_orders` counts all orders, those of one article included."""
    sizes = items.group_by("order_fact_id").agg(size=items.count())
    small = items.semi_join(sizes.filter(sizes.size <= MAX_BASKET), "order_fact_id")
    total = small.agg(n_orders=small.order_fact_id.nunique())
    sold = small.group_by("sku").agg(n_sold=small.count())
    best = sold.order_by([ibis.desc("n_sold"), "sku"]).limit(MAX_ARTICLES)
    coded = best.mutate(code=ibis.row_number().over(ibis.window(order_by=best.sku)).cast("int32"))
    kept = small.inner_join(coded, "sku").select("order_fact_id", "code")
    right = kept.rename(other_code="code", other_order="order_fact_id")
    both = kept.inner_join(right, [kept.order_fact_id == right.other_order, kept.code < right.other_code])
    counted = both.group_by(["code", "other_code"]).agg(n_together=both.count())
    counted = counted.filter(counted.n_together >= MIN_TOGETHER)
    swapped = counted.select(code="other_code", other_code="code", n_together="n_together")
    every = counted.union(swapped)
    first = coded.rename(first_code="code", n_first="n_sold")
    second = coded.rename(second_code="code", n_second="n_sold", other="sku")
    known = every.inner_join(first, every.code == first.first_code)
    known = known.inner_join(second, known.other_code == second.second_code).cross_join(total)
    rated = known.mutate(
        support_rate=(known.n_together / known.n_orders).round(6),
        lift=(known.n_together * known.n_orders / (known.n_first * known.n_second)).round(4),
        confidence_rate=(known.n_together / known.n_first).round(6),
    )
    kept_pairs = rated.filter(rated.support_rate >= MIN_SUPPORT_RATE, rated.lift >= MIN_LIFT)
    return kept_pairs.select("sku", "other", "n_together", "support_rate", "lift", "confidence_rate")


def partners(anchors: ir.Table, pairs: ir.Table) -> ir.Table:
    """Give per (person_id, other) the best pair over the person's anchors (person_id, sku), ranked by `place`.

    Best is the highest confidence: the share of the anchor's buyers' orders that hold the other one too.
    """
    joined = anchors.inner_join(pairs, "sku")
    best = ibis.struct(
        {
            "confidence_rate": joined.confidence_rate,
            "n_together": joined.n_together,
            "support_rate": joined.support_rate,
            "lift": joined.lift,
        }
    )
    found = joined.group_by(["person_id", "other"]).agg(best=best.max())
    named = found.mutate(
        **{name: found.best[name] for name in ("confidence_rate", "n_together", "support_rate", "lift")}
    )
    order = [named.confidence_rate.desc(), named.n_together.desc(), named.other]
    return named.mutate(place=ibis.row_number().over(ibis.window(group_by=named.person_id, order_by=order))).drop(
        "best"
    )
