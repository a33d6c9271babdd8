"""`stock`: units on hand per sku; CSV with sku, quantity, at."""

from .csv_rows import csv_rows
from .errors import RowRejected
from .fields import micros, whole
from .importer import Importer
from .intake import Intake
from .shopify import take_stock
from .text import clean

REQUIRED = ("sku", "quantity", "at")


def read(intake: Intake) -> None:
    """Read the rows; the latest of a sku counts."""
    for line, row in csv_rows(intake.source, REQUIRED, intake.reject):
        try:
            sku = clean(row["sku"], 100)
            if not sku:
                raise RowRejected("sku is missing")
            take_stock(intake, sku, whole(row["quantity"], "quantity"), micros(row["at"], "at"))
        except RowRejected as error:
            intake.reject(line, str(error))


IMPORTER = Importer(
    id="stock",
    title={"en": "Stock", "zh": "库存"},
    description={"en": "Units on hand: sku, quantity, at; CSV.", "zh": "在库数量：sku、quantity、at；CSV 格式。"},
    read=read,
)
