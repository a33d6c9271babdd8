"""Writes the gym's orders, customers and products as Shopify exports them (headers of the vendor's CSV files)."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from . import contacts
from .abuse import NOBODY
from .behaviour import CODES, Orders
from .catalogue import CATEGORIES, Catalogue, Flags, Ints
from .people import People
from .places import PLACES
from .shopify_headers import CUSTOMER_COLUMNS, ORDER_COLUMNS, PRODUCT_COLUMNS

VENDOR = "Linden & Kite"
FIRST_ORDER_NUMBER = 1001
_FIRST_ORDER_ID = 5_600_000_000_000


def order_names(start: int, n: int) -> pa.Array:
    """Give `n` order names such as `#1001`, counted on from the `start`-th order of the shop."""
    numbers = pa.array(FIRST_ORDER_NUMBER + start + np.arange(n)).cast(pa.string())
    return pc.binary_join_element_wise("#", numbers, "")


def write_orders(
    path: Path,
    people: People,
    goods: Catalogue,
    orders: Orders,
    *,
    start: int,
    until: int,
    offers: pa.Array | None = None,
) -> None:
    """Write orders as `orders_export.csv`: order fields on the first line of an order, one row per line item.

    `start` counts the orders written before; orders that came back before the local second `until` carry
    their refund; `offers` names the discount codes of orders whose code is -1.
    """
    order, line = np.nonzero(orders.sku >= 0)
    is_first = np.concatenate(([True], order[1:] != order[:-1])) if len(order) else np.zeros(0, dtype=np.bool_)
    rows = pa.array(order)
    columns: dict[str, pa.Array] = {
        "Name": order_names(start, orders.n).take(rows),
        "Email": people.identifier.take(pa.array(orders.person[order])),
        **_line_columns(goods, orders, people.place[orders.person], order, line),
    }
    at_first = pa.array(np.where(is_first, order, -1), mask=~is_first)
    for name, values in _order_columns(people, orders, start, until, offers).items():
        columns[name] = values.take(at_first)
    _write(path, ORDER_COLUMNS, columns, len(order))


def write_customers(path: Path, people: People, orders: Orders) -> None:
    """Write everybody as `customers_export.csv`, with a birth month for some."""
    country = pa.array([row.country for row in PLACES]).take(pa.array(people.place))
    spent = (orders.line_total() - orders.discount) / np.array([row.price_factor for row in PLACES])[
        people.place[orders.person]
    ]
    euro_minor = np.round(np.bincount(orders.person, spent, people.n) * _minor_scale(people.place)).astype(np.int64)
    columns = {
        "Customer ID": pc.binary_join_element_wise("'", contacts.customer_numbers(people), ""),
        "First Name": contacts.given_names(people),
        "Last Name": contacts.family_names(people),
        "Email": people.identifier,
        "Accepts Email Marketing": _yes_no(people.allows_email & ~people.left),
        "Default Address Address1": contacts.streets(people),
        "Default Address City": pa.array([row.city for row in PLACES]).take(pa.array(people.place)),
        "Default Address Country Code": country,
        "Default Address Zip": pa.array([row.zip_code for row in PLACES]).take(pa.array(people.place)),
        "Phone": contacts.phones(people),
        "Accepts SMS Marketing": _yes_no(people.allows_sms),
        "Total Spent": contacts.decimals(euro_minor, np.full(people.n, 2)),
        "Total Orders": pa.array(np.bincount(orders.person, minlength=people.n)).cast(pa.string()),
        "Tax Exempt": pa.array(["no"] * people.n),
    }
    _write(path, CUSTOMER_COLUMNS, columns, people.n)


def write_products(path: Path, goods: Catalogue) -> None:
    """Write the catalogue as `products_export.csv`, prices in the shop's currency."""
    n = len(goods.sku)
    names = pa.array([row.id for row in CATEGORIES]).take(pa.array(goods.category))
    two = np.full(n, 2)
    columns = {
        "Handle": pc.replace_substring(pc.utf8_lower(pa.array(goods.title)), " ", "-"),
        "Title": pa.array(goods.title),
        "Body (HTML)": pc.binary_join_element_wise("<p>", pa.array(goods.title), ". An invented article.</p>", ""),
        "Vendor": pa.array([VENDOR] * n),
        "Type": names,
        "Published": pa.array(["true"] * n),
        "Option1 Name": pa.array(["Title"] * n),
        "Option1 Value": pa.array(["Default Title"] * n),
        "Variant SKU": pa.array(goods.sku),
        "Variant Inventory Tracker": pa.array(["shopify"] * n),
        "Variant Inventory Qty": pa.array(goods.stock).cast(pa.string()),
        "Variant Price": contacts.decimals(goods.price_minor, two),
        "Variant Requires Shipping": pa.array(["true"] * n),
        "Variant Taxable": pa.array(["true"] * n),
        "Gift Card": pa.array(["false"] * n),
        "Cost per item": contacts.decimals(goods.cost_minor, two),
        "Status": pa.array(["active"] * n),
    }
    _write(path, PRODUCT_COLUMNS, columns, n)


def _line_columns(goods: Catalogue, orders: Orders, place: Ints, order: Ints, line: Ints) -> dict[str, pa.Array]:
    sku = pa.array(orders.sku[order, line])
    exponent = _exponent(place[order])
    share = _line_discounts(orders)[order, line]
    return {
        "Lineitem quantity": pa.array(orders.quantity[order, line]).cast(pa.string()),
        "Lineitem name": _line_names(goods, sku, orders.is_gift[order]),
        "Lineitem price": contacts.decimals(orders.price[order, line], exponent),
        "Lineitem sku": pa.array(goods.sku).take(sku),
        "Lineitem requires shipping": pa.array(["true"] * len(order)),
        "Lineitem taxable": pa.array(["true"] * len(order)),
        "Lineitem fulfillment status": pa.array(["fulfilled"] * len(order)),
        "Lineitem discount": contacts.decimals(share, exponent),
        "Vendor": pa.array([VENDOR] * len(order)),
    }


def _order_columns(
    people: People, orders: Orders, start: int, until: int, offers: pa.Array | None
) -> dict[str, pa.Array]:
    n, place = orders.n, people.place[orders.person]
    exponent = _exponent(place)
    subtotal = orders.line_total() - orders.discount
    came_back = orders.refunded & (orders.day * 86_400 + 21 * 86_400 < until)
    at = contacts.instants(orders.day * 86_400 + orders.second)
    country = pa.array([row.country for row in PLACES]).take(pa.array(place))
    name = _full_names(people, orders.person)
    money = {
        "Subtotal": subtotal,
        "Shipping": orders.shipping,
        "Taxes": orders.tax,
        "Total": subtotal + orders.shipping + orders.tax,
        "Discount Amount": orders.discount,
        "Refunded Amount": np.where(came_back, subtotal, 0),
    }
    created = contacts.shopify_time(at)
    return {
        **{label: contacts.decimals(sums, exponent) for label, sums in money.items()},
        "Financial Status": pa.array(["paid", "refunded"]).take(pa.array(came_back.astype(np.int64))),
        "Paid at": created,
        "Created at": created,
        "Fulfillment Status": pa.array(["fulfilled"] * n),
        "Accepts Marketing": _yes_no(people.allows_email[orders.person]),
        "Currency": pa.array([row.currency for row in PLACES]).take(pa.array(place)),
        "Discount Code": _codes(orders, offers),
        "Shipping Method": pa.array(["Standard"] * n),
        **{f"{side} Name": name for side in ("Billing", "Shipping")},
        **{f"{side} Country": country for side in ("Billing", "Shipping")},
        "Shipping City": pa.array([row.city for row in PLACES]).take(pa.array(place)),
        "Shipping Zip": pa.array([row.zip_code for row in PLACES]).take(pa.array(place)),
        "Payment Method": pa.array(["Card"] * n),
        "Outstanding Balance": contacts.decimals(np.zeros(n, dtype=np.int64), exponent),
        "Id": pa.array(_FIRST_ORDER_ID + start + np.arange(n)).cast(pa.string()),
        "Tags": pa.array(["", "referral"]).take(pa.array(_is_referral(people, orders).astype(np.int64))),
        "Risk Level": pa.array(["Low", "High"]).take(pa.array(_looks_risky(people, orders).astype(np.int64))),
        "Source": pa.array(["web", "iphone"]).take(pa.array(orders.in_app.astype(np.int64))),
    }


def _line_names(goods: Catalogue, sku: pa.Array, is_gift: Flags) -> pa.Array:
    plain = pa.array(goods.title).take(sku)
    return pc.if_else(pa.array(is_gift), pc.binary_join_element_wise(plain, "in a gift box", " "), plain)


def _is_referral(people: People, orders: Orders) -> Flags:
    """Say which orders are the first of somebody who was recommended."""
    first: Flags = people.referred[orders.person] & (people.first_day[orders.person] == orders.day)
    return first


def _looks_risky(people: People, orders: Orders) -> Flags:
    """Say which orders the shop's software marks: many of those of rings, and one in a hundred of the others."""
    luck = (orders.second * 7 + orders.day * 13) % 100
    risky: Flags = luck < np.where(people.abuse.ring[orders.person] != NOBODY, 60, 1)
    return risky


def _codes(orders: Orders, offers: pa.Array | None) -> pa.Array:
    plain = pa.array(CODES).take(pa.array(np.maximum(orders.code, 0)))
    return plain if offers is None else pc.if_else(pa.array(orders.code >= 0), plain, offers)


def _line_discounts(orders: Orders) -> Ints:
    """Spread each order's discount over its lines by value; the first line takes the rounding."""
    value = orders.quantity * orders.price
    total = np.maximum(value.sum(axis=1, keepdims=True), 1)
    share = value * orders.discount[:, None] // total
    share[:, 0] += orders.discount - share.sum(axis=1)
    spread: Ints = share
    return spread


def _full_names(people: People, person: Ints) -> pa.Array:
    joined = pc.binary_join_element_wise(contacts.given_names(people), contacts.family_names(people), " ")
    return joined.take(pa.array(person))


def _exponent(place: Ints) -> Ints:
    return np.array([0 if row.currency == "JPY" else 2 for row in PLACES])[place]


def _minor_scale(place: Ints) -> Ints:
    return np.array([100 if row.currency == "JPY" else 1 for row in PLACES])[place]


def _yes_no(flags: Flags) -> pa.Array:
    return pa.array(["no", "yes"]).take(pa.array(flags.astype(np.int64)))


def _write(path: Path, header: tuple[str, ...], columns: dict[str, pa.Array], n: int) -> None:
    unknown = set(columns) - set(header)
    assert not unknown, unknown
    table = pa.table([columns.get(name, pa.nulls(n, pa.string())) for name in header], names=list(header))
    csv.write_csv(table, str(path), csv.WriteOptions(quoting_style="needed"))
