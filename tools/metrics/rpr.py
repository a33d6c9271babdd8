"""Repeat purchase rate: the share of a cohort that orders again within a window (S1-48)."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import ibis.expr.types as ir

from memory.domain.base import Count, Frozen
from memory.domain.experiment import Interval
from memory.domain.market import Shop
from memory.domain.outcome import NotEstimable
from memory.lake.view import LakeView

from .interval import wilson
from .local_day import local_day
from .numbered import purchase_days


class Rpr(Frozen):
    """A repeat purchase rate."""

    n_people: Count
    """People in the cohort."""
    n_repeat: Count
    """Those with at least one further purchase in their window."""
    within_days: Count
    """Length of the window."""
    rate: Interval
    """Their share."""


def rpr(view: LakeView, shop: Shop, members: ir.Table, within_days: int, as_of: datetime) -> Rpr | NotEstimable:
    """Give the share of `members` (`person_id`, `start_at`) with a purchase on a later day, at most so many days on.

    Days are the shop's: an order of the day itself is part of the same purchase. Cancelled, unpaid and fully
    refunded orders are no purchases. Not estimable without members, and while the window of any member is still
    open at `as_of`.
    """
    days = purchase_days(view, shop, as_of).select("person_id", "day")
    starts = members.select("person_id", start=local_day(members.start_at, shop.zone))
    joined = starts.join(days, "person_id")
    again = joined.filter(joined.day > joined.start, joined.day <= joined.start + within_days)
    sums = members.aggregate(n=members.count(), last=members.start_at.max()).to_pyarrow().to_pylist()[0]
    if not sums["n"]:
        return NotEstimable(code="too_few_people", message="The cohort is empty.")
    last_on = sums["last"].astimezone(ZoneInfo(shop.zone)).date() + timedelta(days=within_days)
    if datetime.combine(last_on + timedelta(days=1), time(), ZoneInfo(shop.zone)) > as_of:
        return NotEstimable(
            code="window_open", message=f"The last window of {within_days} days ends with {last_on:%Y-%m-%d}."
        )
    n_repeat = again.person_id.nunique().to_pyarrow().as_py()
    return Rpr(n_people=sums["n"], n_repeat=n_repeat, within_days=within_days, rate=wilson(n_repeat, sums["n"]))
