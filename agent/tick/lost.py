"""Parcels that were probably lost since yesterday are told to service, once a day; nobody is asked about them."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from memory.domain.market import Shop
from memory.lake.view import LakeView
from memory.store.engine import Store
from tools.parcels import lost_parcels

TOLD_AT = time(6)
"""The shop's local hour of the tick that looks."""
A_DAY = timedelta(days=1)


def tell_lost(store: Store, view: LakeView, shop: Shop, slot_at: datetime, until: datetime) -> None:
    """Raise one alert a day where parcels passed the day by which 99 in 100 of their lane arrive."""
    zone = ZoneInfo(shop.zone)
    local = slot_at.astimezone(zone)
    at = datetime.combine(local.date(), TOLD_AT, zone)
    if at < local:
        at = datetime.combine(local.date() + A_DAY, TOLD_AT, zone)
    if not slot_at <= at < until:
        return
    n = int(lost_parcels(view, shop, slot_at, within=A_DAY).count().to_pyarrow().as_py())
    if not n:
        return
    are = "parcels are" if n > 1 else "parcel is"
    told = f"{n:,} {are} probably lost since yesterday; look into it with `secondorder parcels lost`."
    with store.unit_of_work() as uow:
        uow.alerts.add(shop.shop_id, "parcels_lost", f"parcels:{at.date()}", told, slot_at)
