"""What the data makes possible: works, assumes or cannot, with the file that would change it."""

from pathlib import Path

import pytest

from memory.domain.clock import ManualClock
from memory.domain.market import Shop
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.factories.imports import PRODUCT_COLUMNS, Intaker, order_rows, write_csv, write_orders
from tools.ingest import KINDS, Assumptions, apply_assumptions
from tools.readiness import ELEMENTS, Readiness, readiness


@pytest.fixture
def intaker(store: Store, lake: Lake, shop: Shop, clock: ManualClock, key: bytes, tmp_path: Path) -> Intaker:
    return Intaker(store, lake, shop, clock, key, tmp_path)


def _read(intaker: Intaker) -> dict[str, Readiness]:
    return {row.element: row for row in readiness(intaker.store, intaker.lake, intaker.shop.shop_id)}


def _orders(intaker: Intaker, n: int = 120, **head: str) -> None:
    spread = [(k, f"{2024 + k % 2}-0{1 + k % 9}-10 10:00:00 +0100") for k in range(n)]
    orders = [order_rows(f"#{k}", Email=f"p{k % 110}@example.com", Created_at=at, **head) for k, at in spread]
    intaker("shopify-orders", write_orders(intaker.folder / "o.csv", *orders))


def test_an_empty_shop_cannot_and_every_element_names_a_file(intaker: Intaker) -> None:
    found = _read(intaker)
    assert set(found) == {name for name, _, _ in ELEMENTS}
    assert found["cohorts"].status == found["margins"].status == found["budget-audit"].status == "cannot"
    for row in found.values():
        assert row.title["en"] and row.title["zh"]
        if row.status != "works":
            assert row.fix["en"] and row.fix["zh"] and row.assumption["en"] and row.assumption["zh"]
            assert set(row.fix_kinds) <= set(KINDS)
            assert row.fix_kinds


def test_s2_07_orders_make_cohorts_work_but_reach_nobody(intaker: Intaker) -> None:
    _orders(intaker)
    found = _read(intaker)
    assert found["cohorts"].status == found["repeat-rate"].status == found["clv"].status == "works"
    assert found["reach-email"].status == "cannot"
    assert found["reach-email"].assumption["en"].startswith("reach 0: 0 people consent, 110 have an address")
    assert found["margins"].status == "cannot"


def test_a_foreign_currency_without_rate_stops_value(intaker: Intaker) -> None:
    _orders(intaker, Currency="SEK")
    assert _read(intaker)["clv"].assumption["en"] == "no exchange rate for SEK"
    rates = intaker.folder / "rates.csv"
    rates.write_text("base,quote,on,rate,source\nEUR,SEK,2024-01-01,11.2,ECB\n")
    intaker("rates", rates)
    assert _read(intaker)["clv"].status == "works"


def test_assumed_margins_and_consent_are_called_assumptions(intaker: Intaker) -> None:
    _orders(intaker)
    product = {"Handle": "s", "Title": "Shoe", "Variant SKU": "SHOE-1", "Variant Price": "30.00", "Type": "Running"}
    intaker("shopify-products", write_csv(intaker.folder / "p.csv", PRODUCT_COLUMNS, [product]))
    assumed = Assumptions(label="demonstration", cost_rate=0.5, consent="all", invalid_addresses=True)
    apply_assumptions(intaker.store, intaker.lake, intaker.shop.shop_id, assumed, intaker.clock, "mia", key=intaker.key)
    found = _read(intaker)
    assert found["margins"].status == found["reach-email"].status == "assumes"
    assert "assumed" in found["margins"].assumption["en"]
    assert found["category-series"].status == "assumes"


def test_the_first_live_send_waits_for_the_suppression_list(intaker: Intaker) -> None:
    assert _read(intaker)["live-email"].status == "cannot"
    with intaker.store.unit_of_work() as uow:
        uow.consents.declare_no_suppressions(intaker.shop.shop_id, "email", "mia", intaker.clock.now())
    assert _read(intaker)["live-email"].status == "assumes"
    said = {"email": "a@example.com", "channel": "email", "status": "revoked", "at": "2026-01-01T00:00:00Z"}
    intaker.consent({**said, "suppressed": True})
    found = _read(intaker)
    assert (found["live-email"].status, found["live-sms"].status) == ("works", "cannot")
