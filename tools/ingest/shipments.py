"""`shipments`: parcels handed to a carrier; CSV with id, order, shipped_at, origin, carrier, cancelled."""

from .csv_rows import csv_rows
from .errors import RowRejected
from .fields import country, flag, micros, short
from .importer import Importer
from .intake import Intake
from .text import clean

REQUIRED = ("id", "order", "shipped_at", "origin", "carrier")
SOURCE = "shipments"


def read(intake: Intake) -> None:
    """Read the rows; a corrected row of an id is its next revision, one with `cancelled` yes takes it back.

    That a parcel arrived, an event `delivery` says.
    """
    for line, row in csv_rows(intake.source, REQUIRED, intake.reject):
        try:
            parcel, order = clean(row["id"], 100), clean(row["order"], 60)
            if not parcel or not order:
                raise RowRejected(f"{'order' if parcel else 'id'} is missing")
            origin = country(row["origin"])
            if row["origin"].strip() and origin is None:
                raise RowRejected(f"origin {short(row['origin'])} is no country")
            values = {
                "order_ref": order,
                "origin": origin,
                "carrier": clean(row["carrier"], 60).lower() or None,
                "is_cancelled": flag(row.get("cancelled") or "", "cancelled"),
            }
            intake.fact("shipments", SOURCE, parcel, micros(row["shipped_at"], "shipped_at"), values)
        except RowRejected as error:
            intake.reject(line, str(error))


IMPORTER = Importer(
    id="shipments",
    title={"en": "Shipments", "zh": "发货记录"},
    description={
        "en": (
            "Parcels handed to a carrier: id, order, shipped_at, origin (country), carrier, "
            "cancelled (yes takes it back; may be left out); CSV."
        ),
        "zh": (
            "已交承运商的包裹：id、order、shipped_at、origin（国家）、carrier、"
            "cancelled（yes 表示撤回，可省略）；CSV 格式。"
        ),
    },
    read=read,
)
