"""Labelled assumptions: they fill gaps, are marked, and give way to data."""

from pathlib import Path
from typing import Any

import pytest

from memory.domain.errors import InvalidInput
from tests.factories.imports import PRODUCT_COLUMNS, Intaker, order_rows, write_csv, write_orders
from tools.identity import address_key
from tools.ingest import Assumptions, apply_assumptions, load_assumptions

pytestmark = pytest.mark.slow

ALL = Assumptions(label="for a demonstration", cost_rate=0.5, consent="all", invalid_addresses=True)


def _apply(intaker: Intaker, assumed: Assumptions | Path) -> Any:
    return apply_assumptions(
        intaker.store, intaker.lake, intaker.shop.shop_id, assumed, intaker.clock, "mia", key=intaker.key
    )


def _orders(intaker: Intaker, n: int = 3, **head: str) -> None:
    orders = [order_rows(f"#{k}", Email=f"p{k}@example.com", **head) for k in range(n)]
    intaker("shopify-orders", write_orders(intaker.folder / "o.csv", *orders))


def test_margins_and_consent_are_added_and_marked(intaker: Intaker) -> None:
    _orders(intaker)
    product = {"Handle": "s", "Title": "Shoe", "Variant SKU": "SHOE-1", "Variant Price": "30.01"}
    intaker("shopify-products", write_csv(intaker.folder / "p.csv", PRODUCT_COLUMNS, [product]))
    assert not any(row["consent_email"] for row in intaker.state().values())
    _apply(intaker, ALL)
    assert [(row["cost_minor"], row["is_assumed"]) for row in intaker.rows("costs")] == [(1500, True)]
    assert {row["method"] for row in intaker.rows("consents")} == {"assumed"}
    assert all(row["consent_email"] and row["consent_push"] for row in intaker.state().values())


def test_applying_them_again_changes_nothing(intaker: Intaker) -> None:
    _orders(intaker)
    version = _apply(intaker, ALL).data_version
    again = _apply(intaker, ALL)
    assert (again.n_new, again.n_changed, again.data_version) == (0, 0, version)


def test_data_beats_an_assumption_whenever_it_comes(intaker: Intaker) -> None:
    _orders(intaker, 2)
    refusal = {"channel": "email", "status": "revoked", "at": "2010-01-01T00:00:00Z"}
    intaker.consent({**refusal, "email": "p0@example.com"})
    _apply(intaker, ALL)
    intaker.consent({**refusal, "email": "p1@example.com"})
    assert [row["consent_email"] for row in intaker.state().values()] == [False, False]
    costs = intaker.folder / "costs.csv"
    costs.write_text("sku,cost,currency\nSHOE-1,9.00,EUR\n")
    intaker("costs", costs)
    _apply(intaker, ALL)
    assert [(row["cost_minor"], row["is_assumed"]) for row in intaker.rows("costs")] == [(900, False)]


def test_s2_12_buyers_of_a_marketplace_are_not_assumed_to_consent(intaker: Intaker) -> None:
    _orders(intaker, Source="Amazon")
    _apply(intaker, ALL)
    assert not any(row["consent_email"] for row in intaker.state().values())


def test_addresses_reach_nobody_and_replace_none(intaker: Intaker) -> None:
    _orders(intaker, 1)
    visit = {"id": "e", "at": "2026-01-02T10:00:00Z", "kind": "view", "customer_id": "9"}
    intaker.events(visit)
    _apply(intaker, ALL)
    (known,) = intaker.state()
    with intaker.store.read() as uow:
        contact = uow.contacts.by_person(intaker.shop.shop_id, [known])[known]
    assert contact.email == "p0@example.com"


def test_an_assumed_address_can_be_suppressed_like_any_other(intaker: Intaker) -> None:
    path = write_orders(intaker.folder / "o.csv", order_rows("#1", Email="", Phone="+4915112345678"))
    intaker("shopify-orders", path)
    _apply(intaker, ALL)
    (person,) = intaker.state()
    with intaker.store.read() as uow:
        contact = uow.contacts.by_person(intaker.shop.shop_id, [person])[person]
        keys = uow.contacts.keys_of(intaker.shop.shop_id, [person])[person]
    assert contact.email.endswith("@assumed.invalid")
    assert ("email", address_key(intaker.key, contact.email)) in keys


def test_shares_are_met_roughly_and_always_by_the_same_people(intaker: Intaker) -> None:
    _orders(intaker, 400)
    _apply(intaker, Assumptions.model_validate({"label": "shares", "consent": {"email": 0.5}}))
    n = sum(row["consent_email"] for row in intaker.state().values())
    assert 160 <= n <= 240
    assert not any(row["consent_sms"] for row in intaker.state().values())


def test_languages_and_spend(intaker: Intaker) -> None:
    _orders(intaker, 2, Shipping_Country="PT")
    file = intaker.folder / "a.yaml"
    file.write_text(
        "label: languages and spend\nlanguages: {PT: pt}\n"
        "spend:\n  - {channel: ads, stage: pre_purchase, share_of_revenue: 0.1}\n"
    )
    _apply(intaker, file)
    assert {row["language"] for row in intaker.state().values()} == {"pt"}
    assert [(row["amount_minor"], row["source"]) for row in intaker.rows("spend")] == [(600, "assumed")]


WRONG = [
    "label: ab",
    "label: good\ncost_rate: 2",
    "label: good\nmargin: 0.4",
    "- a",
    "label: [",
    "label: good\nlanguages: {pt: PT}",
]


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_file_names_the_field(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(text)
    with pytest.raises(InvalidInput, match="Known fields"):
        load_assumptions(file)
