"""Parcels that were probably lost since the last look are told to service, once a day; nobody is asked about them."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from memory.domain.market import Shop
from memory.lake.view import LakeView
from memory.store.engine import Store
from tools.parcels import hears_of_arrivals, lost_parcels

LOOKS_AT = time(6)
"""The shop's local hour of a day's look: of the tick that covers it, or else the next one."""
A_DAY = timedelta(days=1)


def tell_lost(store: Store, view: LakeView, shop: Shop, slot_at: datetime, until: datetime,
              covered: datetime | None) -> None:  # fmt: skip
    """Raise one alert a day where parcels passed the day by which 99 in 100 of their lane arrive.

    A tick to `until` looks where an hour of looking came since `covered`, the end of what earlier ticks took (none at
    the first), and goes over the time since the look before: what was down at that hour keeps nothing back.
    """
    zone = ZoneInfo(shop.zone)
    hour = _hour_before(until, zone)
    if not is_hour_of_look(shop, slot_at, until, covered):
        return
    with store.read() as uow:
        looked = None if covered is None else uow.batches.first_past(shop.shop_id, _hour_before(covered, zone))
    within = A_DAY if looked is None else slot_at - looked
    if not hears_of_arrivals(view, shop, slot_at):
        return
    n = int(lost_parcels(view, shop, slot_at, within=within).count().to_pyarrow().as_py())
    if not n:
        return
    subject = f"parcels:{hour.astimezone(zone).date()}"
    are = "parcels are" if n > 1 else "parcel is"
    told = f"{n:,} {are} probably lost since the last look; look into it with `secondorder parcels lost`."
    with store.unit_of_work() as uow:
        if not uow.alerts.has(shop.shop_id, "parcels_lost", subject):  # a tick that is run again tells nothing twice
            uow.alerts.add(shop.shop_id, "parcels_lost", subject, told, slot_at)


def is_hour_of_look(shop: Shop, slot_at: datetime, until: datetime, covered: datetime | None) -> bool:
    """Say whether a tick to `until` is the day's one that looks at parcels; see `tell_lost`."""
    return _hour_before(until, ZoneInfo(shop.zone)) >= (slot_at if covered is None else covered)


def _hour_before(at: datetime, zone: ZoneInfo) -> datetime:
    """Give the last hour of looking before an instant, in UTC, where differences are true ones."""
    local = at.astimezone(zone)
    day = local.date() if local.time() > LOOKS_AT else local.date() - A_DAY
    return datetime.combine(day, LOOKS_AT, zone).astimezone(UTC)
