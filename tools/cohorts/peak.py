"""When the peak was: Black Friday to Cyber Monday, or the period a shop sets itself."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import ibis.expr.types as ir
from pydantic import model_validator

from memory.domain.base import Frozen
from memory.domain.errors import NotReady
from memory.domain.market import Shop
from memory.lake.view import LakeView
from tools.profile.purchases import valid_orders


class Peak(Frozen):
    """A selling period in days of the shop's zone, both ends included."""

    from_on: date
    """First day."""
    until_on: date
    """Last day."""

    @model_validator(mode="after")
    def _in_order(self) -> "Peak":
        if self.until_on < self.from_on:
            raise ValueError("a peak ends on or after the day it begins")
        return self

    def begins_at(self, zone: str) -> datetime:
        """Give the first instant of the period in an IANA zone."""
        return datetime.combine(self.from_on, datetime.min.time(), ZoneInfo(zone))

    def ends_at(self, zone: str) -> datetime:
        """Give the first instant after the period in an IANA zone."""
        return datetime.combine(self.until_on + timedelta(days=1), datetime.min.time(), ZoneInfo(zone))

    def previous(self) -> "Peak":
        """Give the same period of the year before: BFCM's own dates for BFCM, else the same calendar days."""
        if self == bfcm(self.from_on.year):
            return bfcm(self.from_on.year - 1)
        return Peak(from_on=_year_before(self.from_on), until_on=_year_before(self.until_on))


def bfcm(year: int) -> Peak:
    """Give Black Friday (the day after November's fourth Thursday) to Cyber Monday of a year."""
    first = date(year, 11, 1)
    first_thursday = first + timedelta(days=(3 - first.weekday()) % 7)
    friday = first_thursday + timedelta(days=22)
    return Peak(from_on=friday, until_on=friday + timedelta(days=3))


def holiday_season(year: int) -> Peak:
    """Give 1 November to 24 December: the season of shops whose peak is not one weekend."""
    return Peak(from_on=date(year, 11, 1), until_on=date(year, 12, 24))


def last_peak(view: LakeView, shop: Shop, as_of: datetime, *, is_season: bool = False) -> Peak:
    """Give the latest finished BFCM (or holiday season) in which the shop sold anything.

    Raise `NotReady` where no order falls into any.
    """
    orders = valid_orders(view, as_of)
    orders = orders.filter(orders.shop_id == shop.shop_id)
    span = orders.aggregate(first=orders.event_at.min(), last=orders.event_at.max()).to_pyarrow().to_pylist()[0]
    if span["first"] is not None:
        zone = ZoneInfo(shop.zone)
        for year in range(span["last"].astimezone(zone).year, span["first"].astimezone(zone).year - 1, -1):
            peak = holiday_season(year) if is_season else bfcm(year)
            begins, ends = peak.begins_at(shop.zone), peak.ends_at(shop.zone)
            if ends <= as_of and _sold(orders, begins, ends):
                return peak
    raise NotReady(
        what="the look at the last peak",
        why=f"no order of {shop.shop_id} falls into a finished peak before {as_of:%Y-%m-%d}",
        remedy="Import orders that cover a peak, or name its first and last day",
    )


def _sold(orders: ir.Table, begins: datetime, ends: datetime) -> bool:
    return bool(orders.filter(orders.event_at >= begins, orders.event_at < ends).count().to_pyarrow().as_py())


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)
