"""`costs`: what a unit costs the shop; CSV with sku, cost, currency."""

from .csv_rows import csv_rows
from .errors import RowRejected
from .fields import currency_code, minor, not_negative
from .importer import Importer
from .intake import Intake
from .shopify import take_cost
from .text import clean

REQUIRED = ("sku", "cost", "currency")


def read(intake: Intake) -> None:
    """Read the rows; margins are worked out from them."""
    for line, row in csv_rows(intake.source, REQUIRED, intake.reject):
        try:
            sku, currency = clean(row["sku"], 100), currency_code(row["currency"])
            if not sku:
                raise RowRejected("sku is missing")
            take_cost(intake, sku, not_negative(minor(row["cost"], currency, "cost"), "cost"), currency)
        except RowRejected as error:
            intake.reject(line, str(error))


IMPORTER = Importer(
    id="costs",
    title={"en": "Costs", "zh": "成本"},
    description={"en": "Cost of a unit: sku, cost, currency; CSV.", "zh": "单件成本：sku、cost、currency；CSV 格式。"},
    read=read,
)
