"""`shopify-customers`: Shopify's customer export, in its present and its older form."""

from calendar import monthrange

from memory.domain.market import Channel

from .csv_rows import Row, csv_rows
from .errors import RowRejected
from .fields import country, flag
from .importer import Importer
from .intake import UNDATED, Intake
from .shopify import SOURCE
from .text import clean

CONSENT_COLUMNS: dict[Channel, str] = {"email": "Accepts Email Marketing", "sms": "Accepts SMS Marketing"}
REQUIRED = ("First Name", "Last Name", "Email", "Accepts Email Marketing", "Phone")


def read(intake: Intake) -> None:
    """Read customers; the export gives no time of consent, so a yes is weak and a no ends older permissions."""
    birth: str | None = None
    for line, row in csv_rows(intake.source, REQUIRED, intake.reject):
        birth = _birth_column(row) if birth is None else birth
        try:
            _customer(intake, row, birth)
        except RowRejected as error:
            intake.reject(line, str(error))


def _customer(intake: Intake, row: Row, birth: str) -> None:
    market = country(_first(row, "Default Address Country Code", "Country Code", "Country"))
    region = market or intake.shop.home_market
    phone = _first(row, "Phone", "Default Address Phone")
    subject = intake.identify(
        {"email": row["Email"], "customer_id": row.get("Customer ID"), "phone": row["Phone"]}, region
    )
    if subject is None:
        raise RowRejected("it has no usable e-mail, phone or customer id")
    contact = {
        "email": intake.normal("email", row["Email"]),
        "phone": intake.normal("phone", phone, region),
        "first_name": clean(row["First Name"], 80),
        "last_name": clean(row["Last Name"], 80),
        "country": market,
    }
    accepts = {channel: flag(row[name], name) for channel, name in CONSENT_COLUMNS.items() if name in row}
    intake.contact(subject, contact)
    _household(intake, subject, row, market)
    month, day = birthday(row.get(birth, ""))
    person = {
        "subject_id": subject,
        "market": market,
        "birth_month": month,
        "birth_day": day,
        "is_assumed": False,
    }
    intake.fact("people", SOURCE, subject, UNDATED, person)
    for channel, is_granted in accepts.items():
        status = "granted" if is_granted else "never"
        intake.consent(subject, SOURCE, channel, status, "unknown", None, is_current=not is_granted)


def _household(intake: Intake, subject: str, row: Row, market: str | None) -> None:
    zip_code = _first(row, "Default Address Zip", "Zip").lstrip("'")
    street = _first(row, "Default Address Address1", "Address1")
    intake.household(subject, market, zip_code, street, _first(row, "Default Address Address2", "Address2"))


def _first(row: Row, *names: str) -> str:
    return next((row[name] for name in names if row.get(name, "").strip()), "")


def _birth_column(row: Row) -> str:
    """Give the name of a birth date metafield; empty for none."""
    return next((name for name in row if "birth" in name.lower()), "")


def birthday(written: str) -> tuple[int | None, int | None]:
    """Give month and day of a birth date such as 1990-02-28 or --02-29; the year, known or not, is never kept."""
    parts = written.strip()[:10].split("-")[-2:]
    if len(parts) < 2 or not all(part.isascii() and part.isdigit() and len(part) <= 2 for part in parts):
        return None, None
    month, day = int(parts[0]), int(parts[1])
    if not 1 <= month <= 12:
        return None, None
    return month, day if 1 <= day <= monthrange(2000, month)[1] else None


IMPORTER = Importer(
    id="shopify-customers",
    title={"en": "Shopify customers", "zh": "Shopify 客户"},
    description={
        "en": "Shopify's customer export, present or older form, with consent per channel; CSV.",
        "zh": "Shopify 客户导出（新旧两种格式），含各渠道许可；CSV 格式。",
    },
    read=read,
    revision=3,  # households, days of birth
)
