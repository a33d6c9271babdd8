"""Referrals and households come in with the files a shop has: who recommended whom, and who lives together."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.factories.imports import CUSTOMER_COLUMNS, Intaker, order_rows, write_csv, write_lines, write_orders
from tests.factories.offers import built
from tools.facts import open_facts
from tools.identity.household import normalise_address
from tools.offers.earned import referrals_earned, window_of

pytestmark = pytest.mark.slow

REFERRAL = {
    "id": "r1", "at": "2026-12-30T10:00:00+00:00", "kind": "referral", "email": "bob@example.com",
    "referrer_email": "Ann@Example.com",
}  # fmt: skip
HOME = {"Shipping_Address1": "Hauptstraße 5", "Shipping_Zip": "24103"}


def _order(name: str, email: str, **changes: str) -> list[dict[str, str]]:
    head = {"Email": email, "Created_at": "2027-01-06 10:00:00 +0100", "Subtotal": "75.00"}
    return order_rows(name, **{**head, **changes})


def _earned(intaker: Intaker) -> list[dict[str, Any]]:
    offer = built("referral_reward", "vip")
    with open_facts(intaker.store, intaker.lake, [intaker.shop.shop_id]) as view:
        window, as_of = window_of(offer, intaker.shop), datetime(2027, 3, 1, tzinfo=UTC)
        found: list[dict[str, Any]] = (
            referrals_earned(view, intaker.shop, offer, window, as_of).order_by("role").to_pyarrow().to_pylist()
        )
    return found


def test_s2_55_a_referral_line_and_the_friends_order_pay_both(intaker: Intaker) -> None:
    report = intaker.events(REFERRAL)
    assert (report.n_new, report.n_rejected, set(report.changes)) == (1, 0, {"referrals"})
    intaker("shopify-orders", write_orders(intaker.folder / "a.csv", _order("#1", "bob@example.com")))
    assert [(row["role"], row["status"], row["amount_minor"]) for row in _earned(intaker)] == [
        ("friend", "earned", 1000), ("referrer", "earned", 1000),
    ]  # fmt: skip
    refunded = write_orders(intaker.folder / "b.csv", _order("#1", "bob@example.com", Refunded_Amount="75.00"))
    intaker("shopify-orders", refunded)
    assert {(row["status"], row["reason"]) for row in _earned(intaker)} == {("clawed_back", "refunded")}


def test_s2_55_the_same_referral_twice_is_one(intaker: Intaker) -> None:
    intaker.events(REFERRAL)
    again = intaker("events", write_lines(intaker.folder / "other.jsonl", REFERRAL))
    assert (again.n_new, again.n_changed, again.n_unchanged) == (0, 0, 1)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"referrer_email": None}, "names no usable referrer_email"),
        ({"email": None}, "it names nobody"),
        ({"sku": "SHOE-1"}, "unknown keys 'sku'"),
    ],
)
def test_a_referral_without_both_sides_is_rejected(intaker: Intaker, changes: dict[str, Any], reason: str) -> None:
    report = intaker.events({**REFERRAL, **changes})
    assert report.n_new == 0
    assert reason in report.rejected[0].reason


def test_s2_55_two_buyers_at_one_address_are_one_household(intaker: Intaker) -> None:
    """The street is spelled in two ways; the friend orders as a guest with another name and address for mail."""
    intaker.events(REFERRAL)
    spelled = {**HOME, "Shipping_Address1": "HAUPTSTR. 5", "Shipping_Zip": "'24103"}
    orders = (_order("#1", "ann@example.com", **HOME), _order("#2", "bob@example.com", **spelled))
    intaker("shopify-orders", write_orders(intaker.folder / "a.csv", *orders))
    homes = {row["household_id"] for row in intaker.rows("households")}
    assert len(homes) == 1
    assert {(row["status"], row["reason"]) for row in _earned(intaker)} == {("blocked", "same_household")}
    for path in intaker.lake.root.rglob("*.parquet"):
        assert "hauptstr" not in path.read_bytes().decode("latin-1").lower()


def test_a_gift_sent_to_a_friend_makes_no_household(intaker: Intaker) -> None:
    gift = _order("#1", "ann@example.com", **HOME, Tags="gift")
    intaker("shopify-orders", write_orders(intaker.folder / "a.csv", gift))
    assert intaker.rows("households") == []


def test_customers_default_address_and_their_orders_make_one_household(intaker: Intaker) -> None:
    row = {
        "Email": "ann@example.com", "Accepts Email Marketing": "no", "Default Address Address1": "Hauptstr. 5",
        "Default Address Country Code": "DE", "Default Address Zip": "24103",
    }  # fmt: skip
    intaker("shopify-customers", write_csv(intaker.folder / "c.csv", CUSTOMER_COLUMNS, [row]))
    intaker("shopify-orders", write_orders(intaker.folder / "a.csv", _order("#1", "ann@example.com", **HOME)))
    assert len(intaker.rows("households")) == 1


def test_payloads_bring_households_too(intaker: Intaker, tmp_path: Path) -> None:
    address = {"country_code": "DE", "zip": "24103", "address1": "Hauptstr. 5"}
    customer = {"id": 7, "email": "ann@example.com", "default_address": address}
    intaker("shopify-json", write_lines(tmp_path / "c.jsonl", {"customers": [customer]}))
    intaker("shopify-orders", write_orders(tmp_path / "a.csv", _order("#1", "ann@example.com", **HOME)))
    assert len(intaker.rows("households")) == 1


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (("US", "10001", "5 Elm Street", "Apt 4"), ("US", "10001", "5 elm st.", "#4"), True),
        (("US", "10001", "5 Elm Street", "Apt 4"), ("US", "10001", "5 Elm Street", "Apt 5"), False),
        (("DE", "24103", "Lange Straße 7", ""), ("DE", "24 103", "LANGE STR 7", ""), True),
        (("DE", "24103", "Weg 1", ""), ("DE", "24104", "Weg 1", ""), False),
        (("DE", "24103", "Weg 12", "3"), ("DE", "24103", "Weg 1", "23"), False),
    ],
)
def test_spellings_of_an_address(
    one: tuple[str, str, str, str], other: tuple[str, str, str, str], is_same: bool
) -> None:
    assert (normalise_address(*one) == normalise_address(*other)) is is_same


def test_half_an_address_is_none() -> None:
    assert normalise_address("DE", "24103", " ") is None
    assert normalise_address(None, "24103", "Weg 1") is None
    assert normalise_address("DE", "", "Weg 1") is None
