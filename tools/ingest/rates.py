"""`rates`: dated exchange rates with their source; CSV with base, quote, on, rate, source."""

from decimal import Decimal, InvalidOperation

from .csv_rows import Row, csv_rows
from .errors import RowRejected
from .fields import currency_code, day, micros_of_day, short
from .importer import Importer
from .intake import Intake
from .text import clean

REQUIRED = ("base", "quote", "on", "rate", "source")


def read(intake: Intake) -> None:
    """Read the rows; one unit of base costs `rate` units of quote from `on` until a later rate."""
    for line, row in csv_rows(intake.source, REQUIRED, intake.reject):
        try:
            _rate(intake, row)
        except RowRejected as error:
            intake.reject(line, str(error))


def _rate(intake: Intake, row: Row) -> None:
    base, quote, on, source = (
        currency_code(row["base"]),
        currency_code(row["quote"]),
        day(row["on"]),
        clean(row["source"]),
    )
    if base == quote or not source:
        raise RowRejected("base and quote are one currency" if source else "source is missing")
    try:
        rate = Decimal(row["rate"].strip())
    except InvalidOperation:
        raise RowRejected(f"rate {short(row['rate'])} is no plain number such as 0.9215") from None
    if not rate.is_finite() or not Decimal("1e-9") < rate < Decimal("1e9"):
        raise RowRejected(f"rate {short(row['rate'])} is out of range")
    values = {"base": base, "quote": quote, "rate_on": on, "rate_text": format(rate, "f"), "source": source}
    intake.fact("rates", "rates", f"{base}|{quote}|{on}", micros_of_day(on), values)


IMPORTER = Importer(
    id="rates",
    title={"en": "Exchange rates", "zh": "汇率"},
    description={
        "en": "Dated exchange rates: base, quote, on, rate, source; CSV.",
        "zh": "带日期与来源的汇率：base、quote、on、rate、source；CSV 格式。",
    },
    read=read,
)
