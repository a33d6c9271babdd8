"""Customers and products of Shopify's Admin API."""

from memory.domain.market import Channel

from .errors import RowRejected
from .fields import country, language, micros, minor, not_negative
from .intake import UNDATED, Intake
from .payload import Json
from .shopify import SOURCE, product_sku, take_product, take_stock

_CONSENTS: dict[str, Channel] = {"email_marketing_consent": "email", "sms_marketing_consent": "sms"}
_STATUS = {"subscribed": "granted", "unsubscribed": "revoked", "redacted": "revoked"}


def address_of(order: Json) -> Json:
    """Give the delivery address, else the billing address."""
    return order.child("shipping_address") if order.raw.get("shipping_address") else order.child("billing_address")


def person_of(intake: Intake, order: Json, channel: str, at: int) -> str | None:
    """Give an order's pseudonym and take its customer's contact and consent; marketplaces give no consent (S2-12)."""
    customer, address = order.child("customer"), address_of(order)
    market = country(address.text("country_code"))
    email = order.text("email", 254) or customer.text("email", 254)
    phone = order.text("phone") or address.text("phone")
    region = market or intake.shop.home_market
    customer_id = customer.id("id")
    subject = intake.identify({"email": email, "customer_id": customer_id, "phone": order.text("phone")}, region)
    if subject is None:
        return None
    contact = {
        "email": intake.normal("email", email),
        "phone": intake.normal("phone", phone, region),
        "first_name": address.text("first_name", 80) or customer.text("first_name", 80),
        "last_name": address.text("last_name", 80) or customer.text("last_name", 80),
        "country": market,
    }
    intake.contact(subject, contact)
    _household(intake, subject, address, market)
    if channel != "marketplace" and order.flag("buyer_accepts_marketing"):
        intake.consent(subject, SOURCE, "email", "granted", "checkout", at, source_id=f"{subject}:email:checkout")
    return subject


def take_json_customer(intake: Intake, customer: Json) -> None:
    """Take one customer with contact, market, language and consent per channel."""
    address = customer.child("default_address")
    market = country(address.text("country_code"))
    email, phone = customer.text("email", 254), customer.text("phone")
    region = market or intake.shop.home_market
    subject = intake.identify({"email": email, "customer_id": customer.id("id"), "phone": phone}, region)
    if subject is None:
        raise RowRejected("it has no usable e-mail, phone or customer id")
    spoken = language(customer.text("locale"))
    contact = {
        "email": intake.normal("email", email),
        "phone": intake.normal("phone", phone or address.text("phone"), region),
        "first_name": customer.text("first_name", 80),
        "last_name": customer.text("last_name", 80),
        "country": market,
        "language": spoken,
    }
    intake.contact(subject, contact)
    _household(intake, subject, address, market)
    person = {"subject_id": subject, "market": market, "language": spoken, "is_assumed": False}
    intake.fact("people", SOURCE, subject, UNDATED, person)
    _consents(intake, subject, customer)


def _household(intake: Intake, subject: str, address: Json, market: str | None) -> None:
    intake.household(subject, market, address.text("zip"), address.text("address1"), address.text("address2"))


def _consents(intake: Intake, subject: str, customer: Json) -> None:
    for key, channel in _CONSENTS.items():
        stated = customer.child(key)
        if state := stated.text("state"):
            at = micros(stated.text("consent_updated_at")) if stated.text("consent_updated_at") else None
            method = "double_opt_in" if stated.text("opt_in_level") == "confirmed_opt_in" else "unknown"
            status = _STATUS.get(state, "never")
            intake.consent(subject, SOURCE, channel, status, method, at, is_current=status == "revoked")
    if "accepts_marketing" in customer.raw and not customer.raw.get("email_marketing_consent"):
        is_granted, at = customer.flag("accepts_marketing"), customer.instant("accepts_marketing_updated_at")
        status = "granted" if is_granted else "never"
        intake.consent(subject, SOURCE, "email", status, "unknown", at, is_current=not is_granted)


def take_json_product(intake: Intake, product: Json) -> None:
    """Take one product's variants with price and stock; cost is not part of this payload."""
    title, at = product.needed("title"), product.instant("created_at") or UNDATED
    images = [image.text("src", 500) for image in product.children("images")]
    is_active = (product.text("status") or "active") == "active"
    for variant in product.children("variants"):
        options = [variant.text(f"option{place}", 60) for place in (1, 2, 3)]
        sku = product_sku(variant.text("sku", 100), title, options)
        price = minor(variant.needed("price"), intake.shop.currency, "price")
        values = {
            "sku": sku,
            "title": title,
            "category": product.text("product_type", 100).lower() or None,
            "vendor": product.text("vendor", 100) or None,
            "price_minor": not_negative(price, "price"),
            "compare_at_minor": variant.amount("compare_at_price", intake.shop.currency),
            "is_active": is_active,
            "is_gift_card": product.flag("gift_card"),
            "url": f"{intake.shop.website}/products/{product.text('handle')}",
            "image_url": images[0] if images else None,
        }
        quantity = variant.number("inventory_quantity")
        take_product(intake, values, at)
        take_stock(intake, sku, quantity)
