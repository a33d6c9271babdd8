"""The kind `shopify-orders`: 79 columns, several lines per order."""

from datetime import UTC, datetime

from tests.factories.imports import ORDER_COLUMNS, Intaker, order_rows, write_orders


def test_the_factory_writes_all_79_columns() -> None:
    assert len(ORDER_COLUMNS) == len(set(ORDER_COLUMNS)) == 79


def test_s2_07_an_order_of_two_lines_is_one_order_with_two_lines(intaker: Intaker) -> None:
    second = {"Lineitem sku": "SOCK-1", "Lineitem price": "5.00", "Lineitem quantity": "2"}
    path = write_orders(intaker.folder / "o.csv", order_rows("#1001", {}, second, Subtotal="40.00", Taxes="6.39"))
    report = intaker("shopify-orders", path)
    (order,), lines = intaker.rows("orders"), intaker.rows("order_lines")
    assert report.n_rejected == 0
    assert (order["subtotal_minor"], order["n_items"], order["tax_minor"]) == (4000, 3, 639)
    assert order["event_at"] == datetime(2025, 11, 28, 9, 15, tzinfo=UTC)
    assert sorted((line["sku"], line["quantity"], line["unit_price_minor"]) for line in lines) == [
        ("SHOE-1", 1, 3000),
        ("SOCK-1", 2, 500),
    ]
    assert {line["order_fact_id"] for line in lines} == {order["fact_id"]}


def test_s2_12_each_order_keeps_its_source_and_a_marketplace_order_gives_no_consent(intaker: Intaker) -> None:
    path = write_orders(
        intaker.folder / "o.csv",
        order_rows("#1", Accepts_Marketing="yes", Email="own@example.com"),
        order_rows("#2", Accepts_Marketing="yes", Email="relay@example.com", Source="Amazon Marketplace"),
        order_rows("#3", Email="shop@example.com", Source="pos", Location="Leipzig"),
        order_rows("#4", Email="app@example.com", Source="iphone"),
    )
    intaker("shopify-orders", path)
    orders = {row["order_ref"]: row for row in intaker.rows("orders")}
    assert [orders[name]["channel"] for name in ("#1", "#2", "#3", "#4")] == ["web", "marketplace", "store", "app"]
    assert orders["#2"]["origin"] == "Amazon Marketplace"
    state = intaker.state()
    assert state[orders["#1"]["subject_id"]]["consent_email"] is True
    assert state[orders["#2"]["subject_id"]]["consent_email"] is False


def test_a_wrong_order_is_listed_with_its_line_and_the_others_come_in(intaker: Intaker) -> None:
    path = write_orders(
        intaker.folder / "o.csv",
        order_rows("#1"),
        order_rows("#2", Subtotal="thirty"),
        order_rows("#3", Created_at="2025-11-28 10:15:00"),
        order_rows("#4", Subtotal="30.001"),
    )
    report = intaker("shopify-orders", path)
    assert [row["order_ref"] for row in intaker.rows("orders")] == ["#1"]
    assert [row.line for row in report.rejected] == [3, 4, 5]
    assert "no offset" in report.rejected[1].reason
    assert "more decimals" in report.rejected[2].reason


def test_b6_yen_have_no_decimals(intaker: Intaker) -> None:
    path = write_orders(
        intaker.folder / "o.csv",
        order_rows("#1", {"Lineitem price": "3000"}, Currency="JPY", Subtotal="3000", Shipping="0", Taxes="272"),
        order_rows("#2", Currency="JPY", Subtotal="3000.50"),
        order_rows("#3", Subtotal="NaN"),
        order_rows("#4", Subtotal="-1.00"),
    )
    report = intaker("shopify-orders", path)
    assert [row["subtotal_minor"] for row in intaker.rows("orders")] == [3000]
    assert report.n_rejected == 3


def test_s2_61_gifts_cancellations_and_refunds_are_kept(intaker: Intaker) -> None:
    path = write_orders(
        intaker.folder / "o.csv",
        order_rows("#1", Tags="vip, gift"),
        order_rows("#2", Cancelled_at="2025-11-29 10:00:00 +0100"),
        order_rows("#3", Refunded_Amount="99.00"),
    )
    intaker("shopify-orders", path)
    orders = {row["order_ref"]: row for row in intaker.rows("orders")}
    assert orders["#1"]["n_gift_items"] == 1
    assert orders["#2"]["is_cancelled"] is True
    assert orders["#3"]["refunded_minor"] == 3000  # never more than the goods


def test_a_line_that_continues_no_order_is_rejected(intaker: Intaker) -> None:
    stray = order_rows("#9", {}, {})[1:]
    report = intaker("shopify-orders", write_orders(intaker.folder / "o.csv", order_rows("#1"), stray))
    assert [(row.line, row.reason) for row in report.rejected] == [(3, "it continues no order")]
