"""`shopify-orders`: Shopify's order export; order fields stand only on an order's first row."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from .csv_rows import Row, csv_rows
from .errors import RowRejected
from .fields import country, currency_code, flag, micros, minor, minor_or, not_negative, whole
from .importer import Importer
from .intake import Intake
from .shopify import SOURCE, OrderLine, channel_of, line_of, order_source_id, take_order
from .text import clean

MAX_TAGS = 1_000
REQUIRED = ("Name", "Email", "Currency", "Subtotal", "Created at", "Lineitem quantity", "Lineitem price")


@dataclass
class _Order:
    line: int
    head: Row
    rows: list[tuple[int, Row]] = field(default_factory=list)


def read(intake: Intake) -> None:
    """Read orders; an order with one wrong row is left out as a whole, because its sums would be wrong."""
    for order in _orders(intake):
        try:
            _take(intake, order)
        except RowRejected as error:
            intake.reject(order.line, str(error))


def _orders(intake: Intake) -> Iterator[_Order]:
    """Gather the rows of each order; a row that begins no order and continues none is rejected."""
    order: _Order | None = None
    for line, row in csv_rows(intake.source, REQUIRED, intake.reject):
        name = row["Name"].strip()
        if order is not None and name == order.head["Name"].strip() and not row["Created at"].strip():
            order.rows.append((line, row))
            continue
        if order is not None:
            yield order
            order = None
        if name and row["Created at"].strip():
            order = _Order(line, row, [(line, row)])
        else:
            intake.reject(line, "it continues no order" if name else "Name is missing")
    if order is not None:
        yield order


def _take(intake: Intake, order: _Order) -> None:
    head = order.head
    currency = currency_code(head["Currency"])
    at = micros(head["Created at"], "Created at")
    origin = clean(head.get("Source", ""), 60) or None
    channel = channel_of(origin or "", head.get("Location", ""))
    market = country(head.get("Shipping Country") or head.get("Billing Country"))
    subject, is_gift = _person(intake, head, market, channel, at), _is_gift(head)
    if subject is not None and not is_gift:  # a gift goes to somebody else's home
        _household(intake, subject, head, market)
    subtotal = not_negative(minor(head["Subtotal"], currency, "Subtotal"), "Subtotal")
    lines = [_line(row, currency, is_gift) for _, row in order.rows if row["Lineitem quantity"].strip()]
    values = {
        "order_ref": clean(head["Name"], 60),
        "subject_id": subject,
        "currency": currency,
        "subtotal_minor": subtotal,
        "discount_minor": minor_or(head.get("Discount Amount"), currency, "Discount Amount"),
        "shipping_minor": minor_or(head.get("Shipping"), currency, "Shipping"),
        "tax_minor": minor_or(head.get("Taxes"), currency, "Taxes"),
        "refunded_minor": min(minor_or(head.get("Refunded Amount"), currency, "Refunded Amount"), subtotal),
        "channel": channel,
        "origin": origin,
        "market": market,
        "discount_code": clean(head.get("Discount Code", ""), 60) or None,
        "is_cancelled": bool(head.get("Cancelled at", "").strip()),
        "is_paid": head.get("Financial Status", "").strip().lower() not in ("pending", "voided", "expired"),
        "is_referred": _is_referred(head, origin),
    }
    take_order(intake, order_source_id(head.get("Id", ""), head["Name"]), at, values, lines)


def _line(row: Row, currency: str, is_gift: bool) -> OrderLine:
    name = clean(row.get("Lineitem name", ""))
    return line_of(
        sku=clean(row.get("Lineitem sku", ""), 100) or name,
        name=name,
        quantity=whole(row["Lineitem quantity"], "Lineitem quantity"),
        unit_price_minor=minor(row["Lineitem price"], currency, "Lineitem price"),
        discount_minor=minor_or(row.get("Lineitem discount"), currency, "Lineitem discount"),
        is_gift=is_gift,
    )


def _person(intake: Intake, head: Row, market: str | None, channel: str, at: int) -> str | None:
    email, phone = head["Email"], head.get("Phone") or head.get("Shipping Phone") or head.get("Billing Phone")
    region = market or intake.shop.home_market
    subject = intake.identify({"email": email, "phone": phone}, region)
    if subject is None:
        return None
    names = clean(head.get("Shipping Name") or head.get("Billing Name") or "", 120).rpartition(" ")
    intake.contact(
        subject,
        {
            "email": intake.normal("email", email),
            "phone": intake.normal("phone", phone, region),
            "first_name": names[0] or names[2],
            "last_name": names[2] if names[0] else "",
            "country": market,
        },
    )
    # what a marketplace's buyer ticked was permission for the marketplace, not for this shop (S2-12)
    if channel != "marketplace" and flag(head.get("Accepts Marketing", ""), "Accepts Marketing"):
        intake.consent(subject, SOURCE, "email", "granted", "checkout", at, source_id=f"{subject}:email:checkout")
    return subject


def _household(intake: Intake, subject: str, head: Row, market: str | None) -> None:
    side = "Shipping" if head.get("Shipping Address1", "").strip() else "Billing"
    zip_code, street, flat = (head.get(f"{side} {name}", "") for name in ("Zip", "Address1", "Address2"))
    intake.household(subject, market, zip_code.lstrip("'"), street, flat)


def _is_gift(head: Row) -> bool:
    """Say whether the whole order is a gift: a tag `gift`, or a note attribute such as `gift: true`."""
    tags = {tag.strip().lower() for tag in head.get("Tags", "").split(",", MAX_TAGS)}
    notes = head.get("Note Attributes", "").lower().replace(" ", "")
    return "gift" in tags or "gift:true" in notes or "gift:yes" in notes


def _is_referred(head: Row, origin: str | None) -> bool:
    words = f"{origin or ''},{head.get('Tags', '')}".lower()
    return "referral" in words or "referred" in words


IMPORTER = Importer(
    id="shopify-orders",
    title={"en": "Shopify orders", "zh": "Shopify 订单"},
    description={
        "en": "Shopify's order export with up to 79 columns and one row per order line; CSV.",
        "zh": "Shopify 订单导出，最多 79 列，每个订单行一行；CSV 格式。",
    },
    read=read,
    revision=2,  # households
)
