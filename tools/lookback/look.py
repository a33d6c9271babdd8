"""Looks back at a peak: who came, who stayed away, when the window closed, what bred repeat buyers."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import ibis.expr.types as ir

from memory.domain.errors import NotReady
from memory.domain.market import Shop
from memory.domain.outcome import NotEstimable
from memory.lake.view import LakeView
from tools.cohorts import Peak
from tools.metrics import Rpr, costs, repeat_curve, rpr, shop_orders
from tools.metrics.interval import wilson
from tools.metrics.local_day import day_number

from .facts import MIN_GROUP, Breed, Breeds, LookBack, SecondOrderWindow
from .members import first_lines, members

WINDOWS = (30, 90, 180)
MAX_SHOWN = 8


def look_back(view: LakeView, shop: Shop, peak: Peak, as_of: datetime) -> LookBack:
    """Give the figures of a peak as far as orders are known at `as_of`.

    A purchase on a later day of the shop is a return; cancelled, unpaid and fully refunded orders are none.
    Raise `NotReady` where the peak won no new buyer, `MissingRate` where a currency has no rate.
    """
    until = _known_until(view, shop, peak, as_of)
    new = members(view, shop, peak, until)
    sums = new.aggregate(
        n=new.count(), n_never=new.count(where=new.days_to_second.isnull()), n_back=new.days_to_second.count(),
        first=new.first_minor.sum().cast("int64"), later=new.later_minor.sum().cast("int64"),
    )  # fmt: skip
    row = sums.to_pyarrow().to_pylist()[0]
    if not row["n"]:
        raise _nobody(shop, peak)
    came_back = tuple(rpr(view, shop, new, days, until) for days in WINDOWS)
    closed = max((one.within_days for one in came_back if isinstance(one, Rpr)), default=None)
    last_on = min(until.astimezone(ZoneInfo(shop.zone)).date(), peak.until_on + timedelta(days=max(WINDOWS)))
    return LookBack(
        shop_id=shop.shop_id,
        shop_name=shop.name,
        currency=shop.currency,
        peak=peak,
        read_until=until,
        n_buyers=_n_buyers(view, shop, peak, until),
        n_new=row["n"],
        n_never=row["n_never"],
        came_back=came_back,
        window=_window(new, shop, peak, until),
        **_breeds(view, new, shop, until, closed),
        revenue_first_minor=row["first"],
        revenue_later_minor=row["later"],
        point_worth_minor=round(row["n"] / 100 * row["later"] / row["n_back"]) if row["n_back"] else None,
        costs=costs(view, shop, peak.from_on, last_on, until),
        costs_until=last_on,
        curve=repeat_curve(view, shop, new, until),
    )


def _known_until(view: LakeView, shop: Shop, peak: Peak, as_of: datetime) -> datetime:
    """Give the last instant that orders are known of: a shop that stopped importing is not a shop nobody returns to."""
    last = shop_orders(view, shop, as_of).event_at.max().to_pyarrow().as_py()
    if last is None:
        raise _nobody(shop, peak)
    known: datetime = last
    return max(known, min(as_of, peak.ends_at(shop.zone)))


def _nobody(shop: Shop, peak: Peak) -> NotReady:
    return NotReady(
        what="the look back",
        why=f"no new buyer of {shop.shop_id} is known from {peak.from_on} to {peak.until_on}",
        remedy="Import the orders of the peak, or name other days",
    )


def _n_buyers(view: LakeView, shop: Shop, peak: Peak, until: datetime) -> int:
    orders = shop_orders(view, shop, until)
    orders = orders.filter(orders.event_at >= peak.begins_at(shop.zone), orders.event_at < peak.ends_at(shop.zone))
    return int(orders.person_id.nunique().to_pyarrow().as_py())


def _window(new: ir.Table, shop: Shop, peak: Peak, until: datetime) -> SecondOrderWindow | NotEstimable:
    today = day_number(until.astimezone(ZoneInfo(shop.zone)).date())
    n_days = min(max(WINDOWS), today - 1 - day_number(peak.until_on))
    if n_days < 1:
        return NotEstimable(code="window_open", message="The peak has only just ended.")
    counts = new.filter(new.days_to_second <= n_days).group_by("days_to_second").agg(n=lambda t: t.count())
    by_day = {row["days_to_second"]: row["n"] for row in counts.to_pyarrow().to_pylist()}
    cumulative, total = [], 0
    for day in range(n_days + 1):
        total += by_day.get(day, 0)
        cumulative.append(total)
    return SecondOrderWindow(
        days=n_days,
        cumulative=tuple(cumulative),
        day_half=_day_of(cumulative, 0.5),
        day_80=_day_of(cumulative, 0.8),
    )


def _day_of(cumulative: list[int], share: float) -> int | None:
    if not cumulative[-1]:
        return None
    return next(day for day, n in enumerate(cumulative) if n >= share * cumulative[-1])


def _breeds(view: LakeView, new: ir.Table, shop: Shop, until: datetime, days: int | None) -> dict[str, Any]:
    if days is None:
        return {}
    lines = first_lines(view, new, shop, until)
    everyone = new.aggregate(n=new.count(), n_back=new.count(where=new.days_to_second <= days)).to_pyarrow()
    n, n_back = everyone["n"][0].as_py(), everyone["n_back"][0].as_py()
    return {
        "breed_days": days,
        "breed_rate": n_back / n,
        "products": _ranked(lines, "title", days),
        "categories": _ranked(lines.filter(lines.category.notnull()), "category", days),
        "markets": _ranked(new, "market", days),
    }


def _ranked(rows: ir.Table, column: str, days: int) -> Breeds:
    """Give the groups of a column, large enough ones by share; a person counts once per group."""
    people = rows.select("person_id", "days_to_second", name=rows[column]).distinct()
    groups = people.group_by("name").agg(
        n=lambda t: t.count(), n_back=lambda t: t.count(where=t.days_to_second <= days)
    )
    found = groups.to_pyarrow().to_pylist()
    shown = [
        Breed(name=row["name"], n_people=row["n"], n_repeat=row["n_back"], rate=wilson(row["n_back"], row["n"]))
        for row in found
        if row["n"] >= MIN_GROUP
    ]
    shown.sort(key=lambda one: (-one.rate.estimate, -one.n_people, one.name))
    return Breeds(shown=tuple(shown), n_hidden=len(found) - len(shown))
