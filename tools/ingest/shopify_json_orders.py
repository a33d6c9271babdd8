"""Orders, refunds and fulfilments of Shopify's Admin API."""

import re

from memory.domain.canonical import fact_id

from .errors import RowRejected
from .fields import country, currency_code, not_negative
from .intake import Intake
from .payload import Json
from .shopify import SOURCE, OrderLine, channel_of, line_of, order_source_id, take_order
from .shopify_json_people import address_of, person_of

_CAMPAIGN = re.compile(r"[?&](?:utm_source|source|ref)=([\w.+-]{1,60})")
MAX_LINES = 2_000


def take_json_order(intake: Intake, order: Json) -> None:
    """Take one order with its lines, nested refunds, shipments and deliveries; test orders are left out."""
    if order.flag("test"):
        intake.leave_out("test order")
        return
    currency, at = currency_code(order.needed("currency")), order.instant("created_at")
    if at is None:
        raise RowRejected("created_at is missing")
    name, market = order.needed("name"), country(address_of(order).text("country_code"))
    channel, source_name = channel_of(order.text("source_name")), order.text("source_name", 60)
    subject = person_of(intake, order, channel, at)
    lines = [_line(line, currency) for line in order.children("line_items")]
    if len(lines) > MAX_LINES:
        raise RowRejected(f"it has more than {MAX_LINES} lines")
    subtotal = not_negative(order.amount("subtotal_price", currency) or 0, "subtotal_price")
    refunds = list(order.children("refunds"))
    codes = [code.text("code", 60) for code in order.children("discount_codes")]
    values = {
        "order_ref": name,
        "subject_id": subject,
        "currency": currency,
        "subtotal_minor": subtotal,
        "discount_minor": order.amount("total_discounts", currency) or 0,
        "shipping_minor": sum(line.amount("price", currency) or 0 for line in order.children("shipping_lines")),
        "tax_minor": order.amount("total_tax", currency) or 0,
        "refunded_minor": min(sum(_refunded(refund, currency) for refund in refunds), subtotal),
        "channel": channel,
        "origin": _origin(order) or source_name or None,
        "market": market,
        "discount_code": codes[0] if codes else None,
        "is_cancelled": bool(order.text("cancelled_at")),
        "is_paid": order.text("financial_status") not in ("pending", "authorized", "voided", "expired"),
        "is_referred": "referral" in order.text("tags", 2_000).lower(),
    }
    source_id = order_source_id(order.id("id"), name)
    take_order(intake, source_id, at, values, lines)
    known = {"subject_id": subject, "order_ref": name, "channel": channel if channel != "marketplace" else "web"}
    for refund in refunds:
        _event(intake, "return", f"refund:{refund.needed('id')}", refund.instant("created_at") or at, known)
    for parcel in order.children("fulfillments"):
        _shipment(intake, parcel, name)
        if parcel.text("shipment_status") == "delivered":
            _event(intake, "delivery", f"fulfilment:{parcel.needed('id')}", parcel.instant("updated_at") or at, known)


def take_refund(intake: Intake, refund: Json) -> None:
    """Take a refund that comes alone: its order is looked up when the file is committed."""
    currency = _currency_of(intake, refund)
    at = refund.instant("created_at")
    if at is None:
        raise RowRejected("created_at is missing")
    _later(intake, refund, "return", f"refund:{refund.needed('id')}", at, _refunded(refund, currency))


def take_fulfilment(intake: Intake, parcel: Json) -> None:
    """Take a fulfilment that comes alone: it says when a parcel set out; a delivered one is an event of its person."""
    order_ref = parcel.text("name", 60).rpartition(".")[0]  # `#1001.1` is the first parcel of `#1001`
    is_shipment = bool(order_ref) and _shipment(intake, parcel, order_ref)
    if parcel.text("shipment_status") != "delivered":
        if not is_shipment:
            intake.leave_out("not delivered")
        return
    at = parcel.instant("updated_at") or parcel.instant("created_at")
    if at is None:
        raise RowRejected("updated_at is missing")
    _later(intake, parcel, "delivery", f"fulfilment:{parcel.needed('id')}", at, 0)


def _shipment(intake: Intake, parcel: Json, order_ref: str) -> bool:
    """Take when, from where and by whom a parcel was sent, or that it was cancelled; false where it says no time."""
    at = parcel.instant("created_at")
    if at is None:
        return False
    source_id = f"fulfilment:{parcel.needed('id')}"
    origin = country(parcel.child("origin_address").text("country_code"))
    carrier = parcel.text("tracking_company", 60).lower() or None
    values = {
        "order_ref": order_ref,
        "origin": origin,
        "carrier": carrier,
        "is_cancelled": parcel.text("status") in ("cancelled", "error", "failure"),
        "delivery_fact_id": fact_id(intake.shop.shop_id, SOURCE, "events", source_id),
    }
    parcel_id = intake.fact("shipments", SOURCE, source_id, at, values)
    number, url = parcel.text("tracking_number", 100), parcel.text("tracking_url", 1_000)
    intake.tracked(parcel_id, parcel.text("tracking_company", 60), number, url)
    return True


def _later(intake: Intake, payload: Json, kind: str, source_id: str, at: int, refunded_minor: int) -> None:
    intake.order_event(SOURCE, order_source_id(payload.needed_id("order_id"), ""), kind, source_id, at, refunded_minor)


def _event(intake: Intake, kind: str, source_id: str, at: int, known: dict[str, str | None]) -> None:
    intake.fact("events", SOURCE, source_id, at, {"kind": kind, "is_machine": False, **known})


def _line(line: Json, currency: str) -> OrderLine:
    name = line.text("name") or line.text("title")
    return line_of(
        sku=line.text("sku", 100) or name,
        name=name,
        quantity=line.number("quantity") or 0,
        unit_price_minor=line.amount("price", currency) or 0,
        discount_minor=line.amount("total_discount", currency) or 0,
        is_gift=line.flag("gift_card"),
    )


def _refunded(refund: Json, currency: str) -> int:
    """Give the refunded goods: stated subtotals, else unit price times quantity of the refunded lines."""
    total = 0
    for line in refund.children("refund_line_items"):
        stated, unit = line.amount("subtotal", currency), line.child("line_item").amount("price", currency) or 0
        total += stated if stated is not None else unit * (line.number("quantity") or 0)
    return not_negative(total, "refund")


def _currency_of(intake: Intake, refund: Json) -> str:
    stated = [row.text("currency") for row in refund.children("transactions")]
    return currency_code(stated[0]) if stated and stated[0] else intake.shop.currency


def _origin(order: Json) -> str:
    found = _CAMPAIGN.search(order.text("landing_site", 2_000))
    return found.group(1).lower() if found else ""
