"""What lifetime value is predicted from: days of purchase per buyer, one row each, from the facts of a data version."""

from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from memory.domain.market import Shop
from memory.lake.view import LakeView
from tools.profile.purchases import purchases

from .bgnbd import Types

DAYS_PER_WEEK = 7.0


def histories(view: LakeView, shop: Shop, as_of: datetime) -> pa.Table:
    """Give (person_id, n_again, recency_days, age_days, again_minor, historic_minor) per buyer up to `as_of`.

    A purchase is a day with at least one order; two orders of one day are one decision. `again_minor` is the mean
    value of the days after the first, `historic_minor` what all days brought, net, in the shop's currency at dated
    rates; raise `MissingRate` where one is missing.
    """
    orders = purchases(view, shop, as_of)
    dated = orders.mutate(day=orders.event_at.date())
    days = dated.group_by(["person_id", "day"]).agg(value=dated.net_minor.sum().cast("int64"))
    first = ibis.struct({"day": days.day, "value": days.value}).min()
    people = days.group_by("person_id").agg(
        n_days=days.count(), last=days.day.max(), first=first, historic_minor=days.value.sum().cast("int64")
    )
    begun, n_again = people.first["day"], people.n_days - 1
    shaped = people.select(
        "person_id",
        "historic_minor",
        n_again=n_again.cast("int64"),
        recency_days=_days(people.last, begun),
        age_days=_days(ibis.literal(as_of.date()), begun),
        again_minor=(people.historic_minor - people.first["value"]) / n_again.nullif(0),
    )
    return shaped.order_by("person_id").to_pyarrow()


def n_buyers(view: LakeView, shop: Shop, as_of: datetime) -> int:
    """Count the buyers up to `as_of`: a cheap look before anything is worked out per person."""
    return int(purchases(view, shop, as_of).person_id.nunique().to_pyarrow().as_py())


def _days(later: ir.Value, earlier: ir.Value) -> ir.IntegerValue:
    """Count whole days between two dates; Spark and DuckDB agree on the seconds since the epoch."""
    seconds = later.cast("timestamp").epoch_seconds() - earlier.cast("timestamp").epoch_seconds()
    return (seconds // 86_400).cast("int64")


def types_of(people: pa.Table) -> tuple[Types, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Give the distinct histories in weeks, and the place of each person's among them."""
    columns = [people[name].to_numpy() for name in ("n_again", "recency_days", "age_days")]
    distinct, place, n = np.unique(np.stack(columns, axis=1), axis=0, return_inverse=True, return_counts=True)
    x, recency, age = (distinct[:, column].astype(np.float64) for column in range(3))
    types = Types(x, recency / DAYS_PER_WEEK, age / DAYS_PER_WEEK, n.astype(np.float64))
    return types, place.reshape(-1)


def days_bought(view: LakeView, shop: Shop, after: datetime, until: datetime, known: pa.Table) -> int:
    """Count the days of purchase in (after's day, until's day] of the people in `known` (`person_id`)."""
    orders = purchases(view, shop, until)
    orders = orders.filter(orders.event_at.date() > ibis.literal(after.date()))
    people = view.memory_table("predicted_people", known.select(["person_id"]))
    rows = orders.semi_join(people, "person_id")
    return int(rows.select(rows.person_id, day=rows.event_at.date()).distinct().count().to_pyarrow().as_py())


def window_before(as_of: datetime, days: int) -> datetime:
    """Give the instant so many days before."""
    return as_of - timedelta(days=days)
