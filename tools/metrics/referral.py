"""Referral rate: referred new customers over all new customers (S1-50)."""

from datetime import datetime

import ibis

from memory.domain.base import Count, Frozen
from memory.domain.experiment import Interval
from memory.domain.market import Shop
from memory.domain.outcome import NotEstimable
from memory.lake.view import LakeView

from .interval import wilson
from .numbered import numbered, purchase_days


class ReferralRate(Frozen):
    """How many new customers came through a referral."""

    n_new: Count
    """People whose first purchase lies in the period."""
    n_referred: Count
    """Those whose first purchase is a verified referral order."""
    rate: Interval
    """Their share."""


def referral_rate(view: LakeView, shop: Shop, begins_at: datetime, ends_at: datetime) -> ReferralRate | NotEstimable:
    """Give referred new customers over all new customers of [begins, ends).

    Only the first purchase makes a customer referred; a referral order that was cancelled or refunded in full
    is none. Not estimable without new customers.
    """
    days = numbered(purchase_days(view, shop, ends_at))
    first = days.filter(
        days.order_number == 1, days.first_at >= ibis.literal(begins_at), days.first_at < ibis.literal(ends_at)
    )
    row = first.aggregate(n=first.count(), n_referred=first.count(where=first.is_referred)).to_pyarrow().to_pylist()[0]
    if not row["n"]:
        return NotEstimable(code="too_few_buyers", message="No new customers in the period.")
    return ReferralRate(n_new=row["n"], n_referred=row["n_referred"], rate=wilson(row["n_referred"], row["n"]))
