"""The kind `shopify-products`, and the own kinds `stock`, `costs`, `spend` and `rates`."""

from datetime import UTC, date, datetime

import pytest

from tests.factories.imports import PRODUCT_COLUMNS, Intaker, write_csv

SHOE = {
    "Handle": "trail-shoe", "Title": "Trail shoe", "Vendor": "Kite", "Type": "Running", "Published": "true",
    "Option1 Value": "Red", "Variant SKU": "'SHOE-1", "Variant Inventory Qty": "-3", "Variant Price": "30.00",
    "Variant Compare At Price": "40.00", "Gift Card": "false", "Cost per item": "12.50", "Status": "active",
}  # fmt: skip


def _csv(intaker: Intaker, name: str, text: str) -> object:
    path = intaker.folder / f"{name}.csv"
    path.write_text(text)
    return intaker(name, path)


def test_s2_08_variants_bring_price_category_cost_and_stock(intaker: Intaker) -> None:
    blue = {"Handle": "trail-shoe", "Option1 Value": "Blue", "Variant Price": "31.00", "Variant Inventory Qty": "4"}
    image = {"Handle": "trail-shoe", "Image Src": "https://cdn.example.com/2.jpg"}
    draft = {**SHOE, "Handle": "draft", "Variant SKU": "D-1", "Status": "draft", "Cost per item": ""}
    path = write_csv(intaker.folder / "p.csv", PRODUCT_COLUMNS, [SHOE, blue, image, draft])
    report = intaker("shopify-products", path)
    products = {row["sku"]: row for row in intaker.rows("products")}
    assert report.n_rejected == 0
    assert set(products) == {"SHOE-1", "Trail shoe - Blue", "D-1"}
    shoe = products["SHOE-1"]
    assert (shoe["price_minor"], shoe["compare_at_minor"], shoe["category"]) == (3000, 4000, "running")
    assert products["Trail shoe - Blue"]["category"] == "running"
    assert products["D-1"]["is_active"] is False
    assert [(row["sku"], row["cost_minor"], row["is_assumed"]) for row in intaker.rows("costs")] == [
        ("SHOE-1", 1250, False)
    ]
    assert {row["sku"]: row["quantity"] for row in intaker.rows("stock")} == {
        "SHOE-1": 0, "Trail shoe - Blue": 4, "D-1": 0,
    }  # fmt: skip


def test_s1_36_the_day_of_release_comes_from_a_metafield_and_holds_for_all_variants(intaker: Intaker) -> None:
    column = "Unreleased until (product.metafields.custom.unreleased_until)"
    blue = {"Handle": "trail-shoe", "Option1 Value": "Blue", "Variant Price": "31.00"}
    old = {**SHOE, "Handle": "old", "Variant SKU": "OLD-1"}
    bad = {**SHOE, "Handle": "bad", "Variant SKU": "BAD-1", column: "soon"}
    rows = [{**SHOE, column: "2027-03-10"}, blue, old, bad]
    report = intaker("shopify-products", write_csv(intaker.folder / "p.csv", [*PRODUCT_COLUMNS, column], rows))
    found = {row["sku"]: row["unreleased_until"] for row in intaker.rows("products")}
    assert found == {"SHOE-1": date(2027, 3, 10), "Trail shoe - Blue": date(2027, 3, 10), "OLD-1": None}
    assert "unreleased_until 'soon' is no date" in report.rejected[0].reason


def test_s2_18_one_cost_and_one_stock_per_sku_whatever_the_file(intaker: Intaker) -> None:
    intaker("shopify-products", write_csv(intaker.folder / "p.csv", PRODUCT_COLUMNS, [SHOE]))
    _csv(intaker, "costs", "sku,cost,currency\nSHOE-1,13.00,EUR\n")
    _csv(intaker, "stock", "sku,quantity,at\nSHOE-1,9,2026-01-10T08:00:00+01:00\n")
    assert [row["cost_minor"] for row in intaker.rows("costs")] == [1300]
    assert [row["quantity"] for row in intaker.rows("stock")] == [9]


def test_spend_keeps_stage_bucket_hours_and_new_customers(intaker: Intaker) -> None:
    header = "channel,stage,bucket,amount,currency,period_start,period_end,effort_hours,new_customers\n"
    _csv(
        intaker, "spend",
        header
        + "meta,pre_purchase,,1200.50,EUR,2025-11-01,2025-11-30,10.5,40\n"
        + "own,post_purchase,automation,80.00,EUR,2025-11-01,2025-11-30,,\n"
        + "own,post_purchase,magic,80.00,EUR,2025-11-01,2025-11-30,,\n"
        + "own,later,,80.00,EUR,2025-11-30,2025-11-01,,\n"
        + "own,post_purchase,,80.00,EUR,2025-11-30,2025-11-01,,\n",
    )  # fmt: skip
    rows = {row["channel"]: row for row in intaker.rows("spend")}
    assert (rows["meta"]["amount_minor"], rows["meta"]["effort_hours"], rows["meta"]["n_new_customers"]) == (
        120050, 10.5, 40,
    )  # fmt: skip
    assert (rows["own"]["bucket"], rows["own"]["period_end"]) == ("automation", date(2025, 11, 30))
    assert rows["own"]["event_at"] == datetime(2025, 10, 31, 23, tzinfo=UTC)  # midnight in the shop's zone
    with intaker.store.read() as uow:
        record = uow.imports.latest(intaker.shop.shop_id, "spend")
    assert record is not None
    assert [row["line"] for row in record.rejected] == [4, 5, 6]


def test_b6_rates_are_exact_and_dated(intaker: Intaker) -> None:
    _csv(
        intaker, "rates",
        "base,quote,on,rate,source\nEUR,GBP,2025-11-01,0.87654321,ECB\nEUR,EUR,2025-11-01,1,ECB\n"
        "EUR,USD,2025-11-01,NaN,ECB\nEUR,USD,2025-11-01,0,ECB\nEUR,USD,2025-13-01,1.1,ECB\nEUR,usd,2025-11-01,1.1,ECB\n",
    )  # fmt: skip
    rows = intaker.rows("rates")
    assert [(row["quote"], row["rate_text"], row["source"]) for row in rows] == [("GBP", "0.87654321", "ECB")]


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("stock", "SHOE-1,1.5,2026-01-10T08:00:00Z"),
        ("stock", "SHOE-1,1,2026-01-10T08:00:00"),
        ("stock", ",1,2026-01-10T08:00:00Z"),
        ("costs", "SHOE-1,-1.00,EUR"),
        ("costs", "SHOE-1,1.005,EUR"),
        ("costs", "SHOE-1,1.00,euro"),
    ],
)
def test_b6_a_wrong_figure_is_rejected(intaker: Intaker, kind: str, line: str) -> None:
    header = "sku,quantity,at" if kind == "stock" else "sku,cost,currency"
    report = _csv(intaker, kind, f"{header}\n{line}\n")
    assert intaker.rows("stock") == intaker.rows("costs") == []
    assert getattr(report, "n_rejected") == 1  # noqa: B009
