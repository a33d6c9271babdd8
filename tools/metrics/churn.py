"""Churn: the share of customers who let a window pass without ordering."""

from datetime import datetime, timedelta

import ibis

from memory.domain.base import Count, Frozen
from memory.domain.experiment import Interval
from memory.domain.market import Shop
from memory.domain.outcome import NotEstimable
from memory.lake.view import LakeView

from .interval import wilson
from .numbered import shop_orders


class Churn(Frozen):
    """Customers lost in a window that ends at `as_of`."""

    n_active: Count
    """People who ordered in the window of the same length before."""
    n_lost: Count
    """Those of them without an order in the window."""
    window_days: Count
    """Length of both windows."""
    rate: Interval
    """Share lost."""


def churn(view: LakeView, shop: Shop, as_of: datetime, *, window_days: int = 180) -> Churn | NotEstimable:
    """Give the share of people with an order in (as_of - 2w, as_of - w] who have none in (as_of - w, as_of].

    Nobody signs off in a shop without contracts: this is silence, not certainty. Not estimable where nobody
    ordered in the earlier window.
    """
    orders = shop_orders(view, shop, as_of)
    border = ibis.literal(as_of - timedelta(days=window_days))
    since = ibis.literal(as_of - timedelta(days=2 * window_days))
    recent = orders.filter(orders.event_at > since)
    people = recent.group_by("person_id").agg(
        n_before=recent.count(where=recent.event_at <= border), n_after=recent.count(where=recent.event_at > border)
    )
    active = people.filter(people.n_before > 0)
    row = active.aggregate(n=active.count(), n_lost=active.count(where=active.n_after == 0)).to_pyarrow().to_pylist()[0]
    if not row["n"]:
        return NotEstimable(code="too_few_buyers", message="Nobody ordered in the window before.")
    return Churn(n_active=row["n"], n_lost=row["n_lost"], window_days=window_days, rate=wilson(row["n_lost"], row["n"]))
